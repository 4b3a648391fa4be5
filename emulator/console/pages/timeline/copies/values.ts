import type { Event } from './repeatable.ts';

/** How a test names the numbers of a story: each run has numbers of its own. */
export interface Values {
  /** A number as it was, and the expression that stands for it. */
  expressions: ReadonlyMap<string, string>;
  /** The constants that are drawn before the first step. */
  drawn: readonly string[];
}

/** These fields name something once. */
const GIVEN = ['outTradeNo', 'outRefundNo', 'purchaseId'];
const ANSWERED = ['outTradeNo', 'prepayId', 'outRefundNo', 'out_refund_no', 'transactionId'];

/** Finds the numbers of a story: those that its acts give are drawn, those that answers bring are read there. */
export function valuesOf(acts: readonly Event[]): Values {
  const expressions = new Map<string, string>();
  const drawn: string[] = [];
  for (const [index, { sent, answered }] of acts.entries()) {
    for (const [name, value] of fieldsIn(sent?.body, GIVEN)) {
      if (expressions.has(value)) continue;
      const count = drawn.filter((each) => each.startsWith(name)).length;
      const constant = count === 0 ? name : `${name}${count + 1}`;
      drawn.push(constant);
      expressions.set(value, constant);
    }
    for (const [path, value] of leavesOf(answered?.body ? JSON.parse(answered.body) : {})) {
      const isNumber = ANSWERED.some((name) => path.endsWith(`.${name}`));
      if (isNumber && !expressions.has(value)) expressions.set(value, `step${index + 1}${path}`);
    }
  }
  return { expressions, drawn };
}

/** Lists the fields of these names that JSON has, with their texts. */
function fieldsIn(text: string | undefined, names: readonly string[]): [string, string][] {
  const pattern = new RegExp(`"(${names.join('|')})":"([^"\\\\]+)"`, 'g');
  return [...(text ?? '').matchAll(pattern)].map(([, name = '', value = '']) => [name, value]);
}

/** Lists the texts of an answer with the way to each; there is no way into lists, whose places may differ. */
function leavesOf(of: unknown, path = ''): [string, string][] {
  if (typeof of === 'string') return [[path, of]];
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return [];
  return Object.entries(of).flatMap(([name, each]) => leavesOf(each, `${path}.${name}`));
}

/** Writes a value as code, with the expressions of its numbers. */
export function codeOf(value: unknown, values: Values): string {
  if (typeof value === 'string') return values.expressions.get(value) ?? JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => codeOf(each, values)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, of]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const code = codeOf(of, values);
    return code === key ? key : `${key}: ${code}`;
  });
  return `{ ${fields.join(', ')} }`;
}
