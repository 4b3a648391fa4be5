import { isPaid, type LedgerOrder, onLink } from '../orders/ledger.ts';
import { isForeignOpenid } from '../orders/openid.ts';
import { type Json, matching, textOf } from '../wire/fields.ts';
import type { WeChatSwitches } from '../wire/switches.ts';
import { BusinessRefusalError, MalformedRequestError } from './errors.ts';
import {
  amountRule,
  COMMON_RULES,
  check,
  compactTimeMs,
  comparable,
  type MethodDeps,
  type MethodRequest,
  outTradeNoRule,
  type Shape,
  text,
} from './request.ts';
import { paymentParams } from './wire.ts';

const MIN_AHEAD_MS = 60_000;

const timeRule = matching(/^\d{14}$/, '应为yyyyMMddHHmmss');

/** Sources: Cloud.CloudPay.unifiedOrder; V2:9_1 for what it leaves open. */
const SHAPE: Shape = {
  required: {
    ...COMMON_RULES,
    function_name: textOf(1, 60),
    env_id: textOf(1, 64),
    body: textOf(1, 128),
    out_trade_no: outTradeNoRule,
    total_fee: amountRule,
    spbill_create_ip: textOf(1, 64),
  },
  optional: {
    trade_type: matching(/^JSAPI$/, '只支持JSAPI'),
    openid: textOf(1, 128),
    sub_openid: textOf(1, 128),
    sub_appid: textOf(1, 32),
    device_info: textOf(1, 32),
    detail: textOf(1, 6000),
    attach: textOf(1, 127),
    fee_type: matching(/^CNY$/, '只支持CNY'),
    time_start: timeRule,
    time_expire: timeRule,
    goods_tag: textOf(1, 32),
    limit_pay: matching(/^no_credit$/, '不是合法的枚举值'),
    receipt: textOf(1, 8),
    scene_info: textOf(1, 256),
  },
};

/**
 * Places an order (统一下单), or finds the one of that number; answers the parameters that the mini
 * program pays with.
 */
export function unifiedOrder(deps: MethodDeps, request: MethodRequest): Json {
  const { world, orders } = deps;
  check(request, SHAPE);
  const { mchid, appid } = request;
  const newOrder = readOrder(deps, request);
  const known = orders.find(mchid, newOrder.outTradeNo);
  if (known) checkReentry(known, newOrder.parameters);
  const order = known ?? newOrder;
  const prepayId = `wx${world.randomBytes(17).toString('hex')}`;
  world.data.atomically(() => {
    orders.save({ ...order, prepayCount: order.prepayCount + 1 });
    const { outTradeNo, createdAtMs: atMs } = newOrder;
    orders.addPrepay(prepayId, { mchid, outTradeNo, atMs });
  });
  const payment = paymentParams(world, appid, prepayId);
  // In the log that this follows, the answer and the payment in it have one nonce.
  const nonce = payment.nonceStr;
  return { nonce_str: nonce, trade_type: 'JSAPI', prepay_id: prepayId, payment };
}

/** Reads the order that a request asks for, as a new one. */
function readOrder(
  { world, switches }: MethodDeps,
  { mchid, appid, json, openid }: MethodRequest,
): LedgerOrder {
  const nowMs = world.clock.nowMs();
  const payer = text(json, 'sub_openid') ?? text(json, 'openid') ?? openid;
  if (payer === undefined) throw new MalformedRequestError('JSAPI支付必须传openid');
  if (isForeignOpenid(payer)) throw new MalformedRequestError('sub_openid与sub_appid不匹配');
  const expiresAtMs = readExpiry(json, nowMs, switches());
  const attach = text(json, 'attach');
  return {
    mchid,
    appid,
    outTradeNo: String(json.out_trade_no),
    parameters: comparable(json, payer),
    description: String(json.body),
    ...(attach === undefined ? {} : { attach }),
    notifyUrl: '',
    cloudPay: { functionName: String(json.function_name), envId: String(json.env_id) },
    openid: payer,
    total: Number(json.total_fee),
    state: 'NOTPAY',
    createdAtMs: nowMs,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    signer: 'publicKey',
    prepayCount: 0,
    attempts: [],
  };
}

function readExpiry(json: Json, nowMs: number, { timeExpire }: WeChatSwitches): number | undefined {
  const time = text(json, 'time_expire');
  if (time === undefined) return undefined;
  const askedMs = compactTimeMs(time);
  if (Number.isNaN(askedMs))
    throw new MalformedRequestError('time_expire参数格式错误: 不是有效时间');
  const atMs = Math.max(askedMs, nowMs + MIN_AHEAD_MS);
  if (timeExpire === 'moved' || atMs === askedMs) return atMs;
  throw new BusinessRefusalError('INVALID_REQUEST', 'time_expire时间过短');
}

/** Refuses a number that is there already: of either link, since a merchant has one set of them. */
function checkReentry(known: LedgerOrder, parameters: string): void {
  if (!onLink('cloudPay', known) || known.parameters !== parameters)
    throw new BusinessRefusalError('OUT_TRADE_NO_USED', '商户订单号重复');
  if (isPaid(known)) throw new BusinessRefusalError('ORDERPAID');
  if (known.state === 'CLOSED') throw new BusinessRefusalError('ORDERCLOSED', '订单已关闭');
}
