import { wrongField } from '../errors.ts';
import {
  booleanRule,
  check,
  fenRule,
  type Json,
  listRule,
  matching,
  notifyUrlOf,
  objectRule,
  parse,
  type Rule,
  type Shape,
  textOf,
} from '../wire/fields.ts';
import type { MerchantMode } from '../wire/merchantMode.ts';
import type { Owner } from '../wire/owner.ts';
import type { WeChatSwitches } from '../wire/switches.ts';

/** A request for a JSAPI or mini-program order, checked. */
export interface OrderRequest extends Owner {
  appid: string;
  /** The provider's own. */
  spAppid?: string;
  description: string;
  outTradeNo: string;
  notifyUrl: string;
  total: number;
  openid: string;
  attach?: string;
  expiresAtMs?: number;
}

/** Says by which rules an order's request is read. */
export interface OrderRequestOptions {
  mode: MerchantMode;
  nowMs: number;
  /** The order's number was there before. */
  isReentry: boolean;
  timeExpire: WeChatSwitches['timeExpire'];
}

const MIN_AHEAD_MS = 60_000;
const MAX_AHEAD_MS = 15 * 24 * 3_600_000;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+\d\d:\d\d|Z)$/;

/** The fields of the request and their rules. Source: D4012791856. */
const RULES: Record<string, Rule> = {
  description: textOf(1, 127),
  out_trade_no: matching(/^[0-9A-Za-z_\-|*]{6,32}$/, '6-32位，只能是数字、大小写字母_-|*'),
  notify_url: notifyUrlOf(255),
  amount: objectRule,
  payer: objectRule,
};
const OPTIONAL_RULES: Record<string, Rule> = {
  time_expire: matching(TIME, '应为RFC3339时间'),
  attach: textOf(0, 128),
  goods_tag: textOf(0, 32),
  support_fapiao: booleanRule,
  limit_pay: listRule,
  detail: objectRule,
  scene_info: objectRule,
  settle_info: objectRule,
};

/** The objects inside, of which only amount and payer are read here. */
const INSIDE: Record<string, Shape> = {
  amount: { required: { total: fenRule }, optional: { currency: matching(/^CNY$/, '只支持CNY') } },
  detail: {
    required: {},
    optional: { cost_price: fenRule, invoice_id: textOf(0, 32), goods_detail: listRule },
    inside: {
      goods_detail: {
        required: { merchant_goods_id: textOf(1, 32), quantity: fenRule, unit_price: fenRule },
        optional: { wechatpay_goods_id: textOf(0, 32), goods_name: textOf(0, 256) },
      },
    },
  },
  scene_info: {
    required: { payer_client_ip: textOf(1, 45) },
    optional: { device_id: textOf(0, 32), store_info: objectRule },
    inside: {
      store_info: {
        required: { id: textOf(1, 32) },
        optional: { name: textOf(0, 256), area_code: textOf(0, 32), address: textOf(0, 512) },
      },
    },
  },
  settle_info: { required: {}, optional: { profit_sharing: booleanRule } },
};

/** Reads and checks an order's request; throws the refusal that names the field. */
export function readOrderRequest(body: string, options: OrderRequestOptions): OrderRequest {
  const { mode } = options;
  const json = parse(body);
  check(json, {
    required: { ...merchantRules(mode), ...RULES },
    optional: OPTIONAL_RULES,
    inside: { ...INSIDE, payer: { required: { [mode.openid]: textOf(1, 128) } } },
  });
  const amount = json.amount as Json;
  return {
    ...merchantsIn(json, mode),
    description: String(json.description),
    outTradeNo: String(json.out_trade_no),
    notifyUrl: String(json.notify_url),
    total: Number(amount.total),
    openid: String((json.payer as Json)[mode.openid]),
    ...(json.attach === undefined ? {} : { attach: String(json.attach) }),
    ...expiryOf(json, options),
  };
}

/**
 * Requires the merchants and appids of a mode. A payer at the provider's appid is not simulated.
 */
function merchantRules(mode: MerchantMode): Record<string, Rule> {
  const ofProvider = mode.kind === 'partner' ? ['sp_appid', 'sp_mchid'] : [];
  const names = [mode.appid, mode.mchid, ...ofProvider];
  return Object.fromEntries(names.map((name) => [name, textOf(1, 32)]));
}

function merchantsIn(
  json: Json,
  mode: MerchantMode,
): Pick<OrderRequest, 'appid' | 'spAppid'> & Owner {
  const merchant = { appid: String(json[mode.appid]), mchid: String(json[mode.mchid]) };
  if (mode.kind === 'direct') return merchant;
  return { ...merchant, spAppid: String(json.sp_appid), spMchid: String(json.sp_mchid) };
}

/**
 * Finds when an order can be paid no longer: out of bounds its time is moved to the bound, or refused. Trap: at
 * re-entry a time in the past is ignored. Sources: D4012791877, `community/0008c2f387c0`.
 */
function expiryOf(
  json: Json,
  { nowMs, isReentry, timeExpire }: OrderRequestOptions,
): { expiresAtMs?: number } {
  const asked = json.time_expire;
  if (asked === undefined) return {};
  const askedMs = Date.parse(String(asked));
  if (Number.isNaN(askedMs)) throw wrongField('time_expire', '不是有效时间', asked);
  if (isReentry && askedMs <= nowMs) return {};
  const expiresAtMs = Math.min(Math.max(askedMs, nowMs + MIN_AHEAD_MS), nowMs + MAX_AHEAD_MS);
  if (timeExpire === 'moved' || expiresAtMs === askedMs) return { expiresAtMs };
  throw wrongField('time_expire', '须在1分钟之后、15天之内', asked);
}
