import { wrongField } from './refusal.ts';

/** A request for a JSAPI or mini-program order, checked. */
export interface OrderRequest {
  appid: string;
  mchid: string;
  description: string;
  outTradeNo: string;
  notifyUrl: string;
  total: number;
  openid: string;
  attach?: string;
  expiresAtMs?: number;
}

type Json = Record<string, unknown>;
type Rule = (value: unknown) => string | undefined;

const MAX_AHEAD_MS = 15 * 24 * 3_600_000;

const textOf =
  (min: number, max: number): Rule =>
  (value) => {
    if (typeof value !== 'string') return '应为字符串';
    const { length } = [...value];
    if (length < min || length > max) return `长度应为${min}到${max}个字符`;
    return /[\u{10000}-\u{10FFFF}]/u.test(value) ? '不支持四字节字符' : undefined;
  };
const matching =
  (pattern: RegExp, issue: string): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : issue;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+\d\d:\d\d|Z)$/;

/** The fields of the request and their rules. Source: D4012791856. */
const rules: Record<string, Rule> = {
  appid: textOf(1, 32),
  mchid: textOf(1, 32),
  description: textOf(1, 127),
  out_trade_no: matching(/^[0-9A-Za-z_\-|*]{6,32}$/, '6-32位，只能是数字、大小写字母_-|*'),
  notify_url: (value) =>
    textOf(1, 255)(value) ?? matching(/^https:\/\/[^?#\s]+$/, '须为https且不带参数')(value),
  amount: (value) => (isJson(value) ? undefined : '应为对象'),
  payer: (value) => (isJson(value) ? undefined : '应为对象'),
};
const optionalRules: Record<string, Rule> = {
  time_expire: matching(TIME, '应为RFC3339时间'),
  attach: textOf(0, 128),
  goods_tag: textOf(0, 32),
};
const amountRules: Record<string, Rule> = {
  total: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : '应为不小于1的整数',
};

/** Reads and checks an order's request; throws the refusal that names the field. */
export function readOrderRequest(body: string, nowMs: number, reentry: boolean): OrderRequest {
  const json = parse(body);
  check(json, rules, optionalRules, '');
  const amount = json.amount as Json;
  check(amount, amountRules, { currency: matching(/^CNY$/, '只支持CNY') }, 'amount/');
  check(json.payer as Json, { openid: textOf(1, 128) }, {}, 'payer/');
  const expiresAtMs =
    json.time_expire === undefined ? undefined : Date.parse(String(json.time_expire));
  if (expiresAtMs !== undefined) checkExpiry(expiresAtMs, nowMs, reentry);
  return {
    appid: String(json.appid),
    mchid: String(json.mchid),
    description: String(json.description),
    outTradeNo: String(json.out_trade_no),
    notifyUrl: String(json.notify_url),
    total: Number(amount.total),
    openid: String((json.payer as Json).openid),
    ...(json.attach === undefined ? {} : { attach: String(json.attach) }),
    // Trap: at re-entry a time in the past is not refused but ignored (staff answer 0008c2f387c0…).
    ...(expiresAtMs === undefined || expiresAtMs <= nowMs ? {} : { expiresAtMs }),
  };
}

function checkExpiry(expiresAtMs: number, nowMs: number, reentry: boolean): void {
  if (Number.isNaN(expiresAtMs)) throw wrongField('time_expire', '不是有效时间');
  if (!reentry && expiresAtMs <= nowMs) throw wrongField('time_expire', '须晚于当前时间');
  if (expiresAtMs > nowMs + MAX_AHEAD_MS) throw wrongField('time_expire', '不能超过15天');
}

function check(
  json: Json,
  required: Record<string, Rule>,
  optional: Record<string, Rule>,
  path: string,
): void {
  for (const [name, rule] of Object.entries(required)) {
    const issue = rule(json[name]);
    if (issue) throw wrongField(`${path}${name}`, issue);
  }
  for (const [name, value] of Object.entries(json)) {
    const rule = required[name] ?? optional[name];
    if (!rule) throw wrongField(`${path}${name}`, '参数中含有非法的额外参数');
    const issue = rule(value);
    if (issue) throw wrongField(`${path}${name}`, issue);
  }
}

function parse(body: string): Json {
  try {
    const json: unknown = JSON.parse(body);
    if (isJson(json)) return json;
  } catch {
    // Falls through to the refusal: what does not parse is no object either.
  }
  throw wrongField('', '请求体不是JSON对象');
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parameters of a request in an order of their own, so that equal ones compare equal. */
export function parametersOf(body: string): string {
  const sorted = (value: unknown): unknown =>
    isJson(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;
  return JSON.stringify(sorted(JSON.parse(body)));
}
