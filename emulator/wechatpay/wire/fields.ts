import { wrongField } from '../errors.ts';

/** A JSON object whose fields are not checked yet. */
export type Json = Record<string, unknown>;

/** Judges a field's value: answers the issue with it, or nothing. */
export type Rule = (value: unknown) => string | undefined;

/**
 * Takes text of so many bytes of UTF-8, the unit in which WeChat Pay refuses (「字节数 203，大于最大值 128」), and
 * no character of four bytes. Source: `community/text-bytes`.
 */
export const textOf =
  (min: number, max: number): Rule =>
  (value) => {
    if (typeof value !== 'string') return '应为字符串';
    const bytes = Buffer.byteLength(value);
    if (bytes > max) return `字节数 ${bytes}，大于最大值 ${max}`;
    if (bytes < min) return `字节数 ${bytes}，小于最小值 ${min}`;
    return /[\u{10000}-\u{10FFFF}]/u.test(value) ? '不支持四字节字符' : undefined;
  };

/** Takes text of a pattern; answers `issue` for a value that differs. */
export const matching =
  (pattern: RegExp, issue: string): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : issue;

/** Takes an address for notifications: https, no query string, at most so many characters. */
export const notifyUrlOf =
  (max: number): Rule =>
  (value) =>
    textOf(1, max)(value) ?? matching(/^https:\/\/[^?#\s]+$/, '须为https且不带参数')(value);

/** Takes an amount in fen: a whole number from 1. */
export const fenRule: Rule = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : '应为不小于1的整数';

/** Takes a JSON object; its own fields are checked apart. */
export const objectRule: Rule = (value) => (isJson(value) ? undefined : '应为对象');

/** Takes a JSON array, whatever it holds. */
export const listRule: Rule = (value) => (Array.isArray(value) ? undefined : '应为数组');

/** Holds an object to its rules; throws the refusal that names the field, `path` before it. */
export function check(
  json: Json,
  required: Record<string, Rule>,
  optional: Record<string, Rule>,
  path = '',
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

/** Reads a request's body as a JSON object; anything else is refused. */
export function parse(body: string): Json {
  try {
    const json: unknown = JSON.parse(body);
    if (isJson(json)) return json;
  } catch {
    // Falls through to the refusal: what does not parse is no object either.
  }
  throw wrongField('', '请求体不是JSON对象');
}

/**
 * Finds a text field of a JSON body before it is checked; reads it as JSON, since escapes and
 * doubled names are the same number.
 */
export function textIn(body: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body)?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // No JSON: the check that follows refuses it.
  }
}

/** Prints a request's parameters in an order of their own, so that equal ones compare equal. */
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

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
