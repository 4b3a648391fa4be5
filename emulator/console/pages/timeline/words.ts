import type { Entry } from '../../client/entry.ts';
import type { Dictionary } from '../../text/dictionary.ts';

/** Facts that a line shows, in this order, as far as an entry has them. */
const SHOWN = ['status', 'result', 'errMsg', 'refused', 'fault', 'updated', 'inserted', 'deleted'];

type Words = Pick<Dictionary, 'timeline' | 'faults'>;

/** Says in a few words how something ended. */
export function outcomeOf({ detail = {} }: Entry, words: Words): string {
  const { error, to, trigger } = detail;
  const code = Object(error).code ?? (typeof error === 'string' ? error : undefined);
  const facts = SHOWN.filter((name) => detail[name] !== undefined).map((name) => {
    const value = factValue(name, detail[name], words);
    return name === 'status' || name === 'errMsg' ? value : `${factName(name, words)} ${value}`;
  });
  return [code, ...facts, to, trigger].filter(Boolean).join('  ');
}

/** Names a fact of an entry. */
export function factName(name: string, { timeline }: Words): string {
  return timeline.facts[name] ?? name;
}

/** Says a fact: a kind of fault by its name, what was lost by a word. */
export function factValue(name: string, value: unknown, { timeline, faults }: Words): string {
  const kinds: Readonly<Record<string, string>> = faults.kinds;
  if (name === 'fault') return kinds[String(value)] ?? String(value);
  return name === 'status' && value === 'lost' ? timeline.lost : String(value);
}
