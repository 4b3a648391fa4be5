import type { World } from '../../world/world.ts';
import type { OrderLedger } from '../orders/ledger.ts';
import type { RefundLedger } from '../refunds/ledger.ts';
import type { RefundLifecycle } from '../refunds/lifecycle.ts';
import { fenRule, type Json, matching, parametersOf, type Rule, textOf } from '../wire/fields.ts';
import type { WeChatSwitches } from '../wire/switches.ts';
import { MalformedRequestError, PlatformRefusalError } from './errors.ts';

/** Lists what CloudPay's methods need. */
export interface MethodDeps {
  world: World;
  orders: OrderLedger;
  refunds: RefundLedger;
  lifecycle: RefundLifecycle;
  switches(): WeChatSwitches;
}

/** One request of a merchant that is known. */
export interface MethodRequest {
  apiName: string;
  /** The merchant (`sub_mch_id`) and the mini program. */
  mchid: string;
  appid: string;
  /** The fields, in snake_case. */
  json: Json;
  /** Of whoever called the function that asks. */
  openid: string | undefined;
}

/** The fields that a method takes, by name. */
export interface Shape {
  required: Record<string, Rule>;
  optional: Record<string, Rule>;
}

/** Takes the nonce of a request, which may be left out: the platform signs. Source: Cloud.CloudPay. */
const nonceRule: Rule = textOf(1, 32);

/** The one field that every method but the bill's requires. */
export const COMMON_RULES: Record<string, Rule> = { sub_mch_id: textOf(1, 32) };

/** Takes an amount, which must be a number of fen. */
export const amountRule: Rule = fenRule;

/** Takes a 商户订单号 of APIv2 in service-provider form. */
export const outTradeNoRule = matching(
  /^[0-9A-Za-z_\-|*@]{6,32}$/,
  '6-32位，只能是数字、大小写字母_-|*@',
);

/** The two numbers of an order. */
export const ORDER_NUMBER_RULES: Record<string, Rule> = {
  transaction_id: textOf(1, 32),
  out_trade_no: outTradeNoRule,
};

/** Reads `requestData` as a JSON object; anything else never gets to WeChat Pay. */
export function parseRequest(apiName: string, requestData: string): Json {
  try {
    const json: unknown = JSON.parse(requestData);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch {
    // Falls through to the refusal: what does not parse is no object either.
  }
  const message = `${apiName}:fail requestData is not a JSON object`;
  throw new PlatformRefusalError('INVALID_PARAM', message);
}

/**
 * Holds a request to its shape. Fields that are not known are let through unread, as APIv2 does.
 */
export function check(
  { apiName, json }: Pick<MethodRequest, 'apiName' | 'json'>,
  { required, optional }: Shape,
): void {
  const rules = { ...required, nonce_str: nonceRule, ...optional };
  for (const [name, rule] of Object.entries(rules)) {
    const value = json[name];
    const isAbsent = value === undefined || value === null || value === '';
    if (isAbsent && Object.hasOwn(required, name))
      throw new MalformedRequestError(`${name} is empty`);
    if (isAbsent) continue;
    // A public report: an amount that is a string does not get through the platform.
    if (rule === amountRule && typeof value !== 'number')
      throw new PlatformRefusalError('SYS_ERR', `${apiName}:fail wx api error: -202`);
    const issue = rule(value);
    if (issue) throw new MalformedRequestError(`${name}参数格式错误: ${issue}`);
  }
}

/** Reads a text field; undefined where it is left out. */
export function text(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Prints what is compared when a number comes again: everything but the nonce, with whoever pays.
 */
export function comparable({ nonce_str: _, ...json }: Json, payer?: string): string {
  const { openid: _openid, sub_openid: _subOpenid, ...rest } = json;
  return parametersOf(JSON.stringify(payer === undefined ? json : { ...rest, payer }));
}

/** Reads `20261124100000`, Beijing time, in milliseconds; NaN for what is no such time. */
export function compactTimeMs(value: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(value) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
}
