import { wrongField } from '../errors.ts';
import {
  check,
  fenRule,
  type Json,
  matching,
  notifyUrlOf,
  objectRule,
  parse,
  type Rule,
  textOf,
} from '../wire/fields.ts';
import type { MerchantMode } from '../wire/merchantMode.ts';
import type { Owner } from '../wire/owner.ts';

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
}

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
};

/** Reads and checks an order's request; throws the refusal that names the field. */
export function readOrderRequest(body: string, options: OrderRequestOptions): OrderRequest {
  const { mode, nowMs } = options;
  const json = parse(body);
  check(json, { ...merchantRules(mode), ...RULES }, OPTIONAL_RULES);
  const amount = json.amount as Json;
  check(amount, { total: fenRule }, { currency: matching(/^CNY$/, '只支持CNY') }, 'amount/');
  check(json.payer as Json, { [mode.openid]: textOf(1, 128) }, {}, 'payer/');
  const expiresAtMs =
    json.time_expire === undefined ? undefined : Date.parse(String(json.time_expire));
  if (expiresAtMs !== undefined) checkExpiry(expiresAtMs, options);
  return {
    ...merchantsIn(json, mode),
    description: String(json.description),
    outTradeNo: String(json.out_trade_no),
    notifyUrl: String(json.notify_url),
    total: Number(amount.total),
    openid: String((json.payer as Json)[mode.openid]),
    ...(json.attach === undefined ? {} : { attach: String(json.attach) }),
    // Trap: at re-entry a time in the past is not refused but ignored (staff answer 0008c2f387c0…).
    ...(expiresAtMs === undefined || expiresAtMs <= nowMs ? {} : { expiresAtMs }),
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

function checkExpiry(expiresAtMs: number, { nowMs, isReentry }: OrderRequestOptions): void {
  if (Number.isNaN(expiresAtMs)) throw wrongField('time_expire', '不是有效时间');
  if (!isReentry && expiresAtMs <= nowMs) throw wrongField('time_expire', '须晚于当前时间');
  if (expiresAtMs > nowMs + MAX_AHEAD_MS) throw wrongField('time_expire', '不能超过15天');
}
