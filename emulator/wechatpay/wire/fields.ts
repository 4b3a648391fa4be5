import { unknownParameters, wrongField } from '../errors.ts';

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

/** Hosts that nobody reaches from outside: loopback and private addresses. */
const INNER_HOST =
  /^https:\/\/(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/i;

/**
 * Takes an address for notifications: https, public, no query string, at most so many characters. The local
 * cloud's own has a public name, which only the local cloud resolves. Source: D4012791856.
 */
export const notifyUrlOf =
  (max: number): Rule =>
  (value) =>
    textOf(1, max)(value) ??
    matching(/^https:\/\/[^?#\s]+$/, '须为https且不带参数')(value) ??
    (INNER_HOST.test(String(value)) ? '须为外网可访问的地址' : undefined);

/** Takes an amount in fen: a whole number from 1. */
export const fenRule: Rule = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : '应为不小于1的整数';

/** Takes a JSON object; its own fields are checked apart. */
export const objectRule: Rule = (value) => (isJson(value) ? undefined : '应为对象');

/** Takes true or false. */
export const booleanRule: Rule = (value) => (typeof value === 'boolean' ? undefined : '应为布尔值');

/** Takes a JSON array, whatever it holds. */
export const listRule: Rule = (value) => (Array.isArray(value) ? undefined : '应为数组');

/** The fields of an object; each list of fields inside is held to the shape of its name. */
export interface Shape {
  required: Record<string, Rule>;
  optional?: Record<string, Rule>;
  /** Shapes of the objects inside, and of those in the lists inside, by field. */
  inside?: Record<string, Shape>;
}

/** Holds an object to its shape; throws the refusal that names the field, `path` before it. */
export function check(json: Json, shape: Shape, path = ''): void {
  const { required, optional = {}, inside = {} } = shape;
  const rules = { ...optional, ...required };
  const unknown = Object.keys(json).filter((name) => !Object.hasOwn(rules, name));
  if (unknown.length > 0) throw unknownParameters('body', unknown);
  for (const [name, rule] of Object.entries(rules)) {
    const value = json[name];
    if (value === undefined && !Object.hasOwn(required, name)) continue;
    const issue = rule(value);
    if (issue) throw wrongField(`${path}${name}`, issue, value);
    const inner = Object.hasOwn(inside, name) ? inside[name] : undefined;
    if (inner) checkInside(value, inner, `${path}${name}/`);
  }
}

function checkInside(value: unknown, shape: Shape, path: string): void {
  for (const each of Array.isArray(value) ? value : [value]) {
    if (!isJson(each)) throw wrongField(path, '应为对象', each);
    check(each, shape, path);
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
