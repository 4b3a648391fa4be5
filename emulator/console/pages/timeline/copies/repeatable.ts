import type { AnswerOf } from '../../../../control/api/controlApi.ts';
import { ask } from '../../../client/client.ts';
import type { Entry } from '../../../client/entry.ts';
import type { Rows } from '../rows.ts';

export type Event = AnswerOf<'GET /_local/events/{id}'>;
export type Sent = NonNullable<Event['sent']>;

/** Asks for an entry as it is shown: unmasked only where somebody wants to see what is masked. */
export type Look = (id: number) => Promise<Event>;

/** Makes a look at entries, with or without what is masked. */
export function lookAt(how: 'masked' | 'revealed'): Look {
  const query = how === 'revealed' ? ({ reveal: '1' } as const) : {};
  return (id) => ask('GET /_local/events/{id}', { path: { id: String(id) }, query });
}

/** Lists an entry, what it followed from, what that followed from. */
export function causesOf(entry: Entry, { byKey }: Pick<Rows, 'byKey'>): Entry[] {
  const chain = [entry];
  for (let next = byKey.get(entry.cause ?? ''); next; next = byKey.get(next.entry.cause ?? '')) {
    if (chain.includes(next.entry)) break;
    chain.push(next.entry);
  }
  return chain;
}

/** Whether it was an HTTP request that anybody can send again; the database's are signed by its SDK alone. */
function isRepeatable(entry: Entry): boolean {
  if (entry.hasExchange !== true || entry.what === 'console.snapshots') return false;
  return isAct(entry) || (entry.actor === 'wechat' && !entry.what.startsWith('wechatpay.cashier'));
}

/** Whether somebody did it from outside, through the control API. */
export function isAct({ what }: Entry): boolean {
  return /^(?:phone|server|console)\./.test(what);
}

/** Whether a test may do it again: what keeps worlds, or records, works on names that are there. */
export function isTestable({ what }: Entry): boolean {
  return !/^console\.(?:snapshots|scenarios)$/.test(what);
}

/** Finds the request that makes an entry happen again: its own, or the one that it followed from. */
export function requestOf(entry: Entry, rows: Pick<Rows, 'byKey'>): Entry | undefined {
  return causesOf(entry, rows).find(isRepeatable);
}

/** These bring about what happens to many orders. */
const OF_MANY = /^console\.(?:clock|timers)$/;

/** Tells whether it is known what led to an entry: of what time and timers bring, for one order alone. */
export function hasStory(
  entry: Entry,
  order: string | undefined,
  rows: Pick<Rows, 'byKey'>,
): boolean {
  if (isAct(entry)) return isTestable(entry);
  const act = actOf(entry, rows);
  return order !== undefined || (act !== undefined && !OF_MANY.test(act.what));
}

/** Finds the act that an entry followed from. */
export function actOf(entry: Entry, rows: Pick<Rows, 'byKey'>): Entry | undefined {
  return causesOf(entry, rows).find((each) => isAct(each) && isTestable(each));
}
