import { createPrivateKey, randomBytes } from 'node:crypto';
import type { MerchantFacts } from '../../emulator/wechatpay/merchantFacts.ts';
import type { Notice } from '../../emulator/wechatpay/notifications/notice.ts';
import { xmlOf } from '../../emulator/wechatpay/notifications/xml.ts';
import {
  createWeChatPay,
  type WeChatPay,
  type WeChatPayOptions,
} from '../../emulator/wechatpay/wechatpay.ts';
import { openWorld, type World } from '../../emulator/world/world.ts';
import { authorizationHeader, requestMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { sign } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { dealtKeys } from './dealtKeys.ts';

/** Real time where these tests begin: a morning in Beijing. */
export const beganAt = Date.parse('2026-11-24T02:00:00Z');
const HOST = 'https://api.mch.weixin.qq.com';

/** A simulated WeChat Pay and a merchant who signs requests to it. */
export interface WeChatUnderTest {
  world: World;
  wechat: WeChatPay;
  merchant: MerchantFacts;
  /** The notices that were delivered, in order. */
  delivered: Notice[];
  /** The answers to the next deliveries; 200 when there is none. */
  replies: (number | 'unreachable')[];
  /** Sends a signed request. */
  ask(method: 'GET' | 'POST', path: string, body?: string, how?: RequestOptions): Promise<Response>;
  /** Places an order with these changes; answers the prepay id. */
  place(change?: object, how?: RequestOptions): Promise<string>;
  advance(seconds: number): Promise<void>;
}

/** Says how a request differs from a good one. */
export interface RequestOptions {
  /** The merchant that signs it. */
  as?: MerchantFacts;
  headers?: Record<string, string>;
  /** A header that is left out. */
  without?: string;
  signedAtMs?: number;
}

/** A good order's request. */
export const goodOrder = {
  appid: 'wx0000000000000001',
  mchid: '1900000109',
  description: '咖啡',
  out_trade_no: 'WECHAT0001',
  notify_url: 'https://shop.example.com/pay/notify',
  time_expire: '2026-11-24T10:30:00+08:00',
  amount: { total: 1990, currency: 'CNY' },
  payer: { openid: 'oPayer' },
};

/** Ends the repeats of a notice in XML. */
const ACKNOWLEDGED = xmlOf('xml', { return_code: 'SUCCESS', return_msg: 'OK' });

/** Opens a simulated WeChat Pay over a data file that other tests do not share. */
export function openWeChat(
  options: Partial<WeChatPayOptions> = {},
  file = ':memory:',
): WeChatUnderTest {
  const world = openWorld({
    rsaKey: dealtKeys(),
    file,
    realMs: () => beganAt,
    waitMs: (ms) => (ms < 5000 ? Promise.resolve() : new Promise(() => {})),
    randomBytes,
    chance: () => 0,
  });
  const delivered: Notice[] = [];
  const replies: (number | 'unreachable')[] = [];
  const wechat = createWeChatPay(world, {
    mchid: '1900000109',
    appid: 'wx0000000000000001',
    deliver: async (notice) => {
      delivered.push(notice);
      const reply = replies.shift() ?? 200;
      return reply === 'unreachable' ? reply : { status: reply, body: ACKNOWLEDGED };
    },
    ...options,
  });
  const merchant = wechat.merchant();
  const ask: WeChatUnderTest['ask'] = (method, path, body = '', how = {}) =>
    wechat.handle(signedRequest({ world, merchant }, { method, path, body }, how));
  return {
    world,
    wechat,
    merchant,
    delivered,
    replies,
    ask,
    place: async (change = {}, how = {}) => {
      const body = JSON.stringify({ ...goodOrder, ...change });
      const answer = await ask('POST', '/v3/pay/transactions/jsapi', body, how);
      const { prepay_id: prepayId } = (await answer.json()) as { prepay_id: string };
      return prepayId;
    },
    advance: (seconds) => world.agenda.advance(world.clock.nowMs() + seconds * 1000),
  };
}

/** Signs a request as the merchant, with what the options change. */
export function signedRequest(
  { world, merchant: own }: Pick<WeChatUnderTest, 'world' | 'merchant'>,
  { method, path, body }: { method: string; path: string; body: string },
  options: RequestOptions = {},
): Request {
  const { as: merchant = own, headers = {}, without } = options;
  const { signedAtMs = world.clock.nowMs() } = options;
  const timestamp = String(Math.floor(signedAtMs / 1000));
  const nonce = randomBytes(16).toString('hex');
  const message = requestMessage({ method, path, timestamp, nonce, body });
  const signature = sign(message, createPrivateKey(merchant.privateKeyPem));
  const { mchid, serialNo } = merchant;
  const all: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'test',
    'wechatpay-serial': merchant.publicKeyId,
    authorization: authorizationHeader({ mchid, serialNo, nonce, timestamp, signature }),
    ...headers,
  };
  if (without !== undefined) delete all[without];
  const init = { method, headers: all };
  return new Request(`${HOST}${path}`, method === 'POST' ? { ...init, body } : init);
}

/** Reads the refusal in an answer. */
export async function refusalIn(
  answer: Response,
): Promise<{ status: number; code: string; field: string }> {
  const { code, message } = (await answer.json()) as { code: string; message: string };
  const [, field = ''] = /“([^”]*)”/.exec(message) ?? [];
  return { status: answer.status, code, field };
}
