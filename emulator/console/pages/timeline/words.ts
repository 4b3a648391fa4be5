import type { Entry } from '../../client/entry.ts';

/** Facts that a line shows, in this order, as far as an entry has them. */
const SHOWN = ['status', 'result', 'errMsg', 'refused', 'fault', 'updated', 'inserted', 'deleted'];

/** Says in a few words how something ended. */
export function outcomeOf({ detail = {} }: Entry): string {
  const { error, to, trigger } = detail;
  const code = Object(error).code ?? (typeof error === 'string' ? error : undefined);
  const facts = SHOWN.filter((name) => detail[name] !== undefined).map((name) =>
    name === 'status' || name === 'errMsg' ? `${detail[name]}` : `${name} ${detail[name]}`,
  );
  return [code, ...facts, to, trigger].filter(Boolean).join('  ');
}
