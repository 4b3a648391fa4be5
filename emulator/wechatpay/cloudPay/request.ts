import { fenRule, type Json, matching, parametersOf, type Rule, textOf } from '../wire/fields.ts';
import { Malformed, PlatformRefusal } from './errors.ts';

/** What one method takes, by field name. */
export interface Shape {
  required: Record<string, Rule>;
  optional: Record<string, Rule>;
}

/** Fields that every method takes but the bill's; both are asked for. */
export const common: Record<string, Rule> = { sub_mch_id: textOf(1, 32), nonce_str: textOf(1, 32) };

/** A field whose amount must be a number of fen. */
export const amountRule: Rule = fenRule;

/** 商户订单号 of APIv2 in service-provider form. */
export const outTradeNoRule = matching(
  /^[0-9A-Za-z_\-|*@]{6,32}$/,
  '6-32位，只能是数字、大小写字母_-|*@',
);

/** Reads `requestData` as a JSON object; what is none never gets to WeChat Pay. */
export function parsed(apiName: string, requestData: string): Json {
  try {
    const json: unknown = JSON.parse(requestData);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch {
    // Falls through to the refusal: what does not parse is no object either.
  }
  throw new PlatformRefusal('INVALID_PARAM', `${apiName}:fail requestData is not a JSON object`);
}

/** Holds a request to its shape. Fields that are not known are let through unread, as APIv2 does. */
export function check(apiName: string, json: Json, { required, optional }: Shape): void {
  for (const [name, rule] of Object.entries({ ...required, ...optional })) {
    const value = json[name];
    const missing = value === undefined || value === null || value === '';
    if (missing && Object.hasOwn(required, name)) throw new Malformed(`${name} is empty`);
    if (missing) continue;
    // A public report: an amount that is a string does not get through the platform.
    if (rule === amountRule && typeof value !== 'number')
      throw new PlatformRefusal('SYS_ERR', `${apiName}:fail wx api error: -202`);
    const issue = rule(value);
    if (issue) throw new Malformed(`${name}参数格式错误: ${issue}`);
  }
}

/** A text field; undefined where it is left out. */
export function text(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is compared when a number comes again: everything but the nonce, with whoever pays. */
export function comparable({ nonce_str: _, ...json }: Json, payer?: string): string {
  const { openid: _openid, sub_openid: _subOpenid, ...rest } = json;
  return parametersOf(JSON.stringify(payer === undefined ? json : { ...rest, payer }));
}

/** `20261124100000`, Beijing time, in milliseconds; NaN for what is no such time. */
export function compactTimeMs(value: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(value) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
}
