import type { AnswerOf } from '../../../../control/api/controlApi.ts';
import { ask } from '../../../client/client.ts';
import type { Entry } from '../../../client/streamHub.ts';
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
  if (entry.hasExchange !== true) return false;
  return isAct(entry) || (entry.actor === 'wechat' && !entry.what.startsWith('wechatpay.cashier'));
}

/** Whether somebody did it from outside, through the control API. */
export function isAct({ what }: Entry): boolean {
  return /^(?:phone|server|console)\./.test(what);
}

/** Finds the request that makes an entry happen again: its own, or the one that it followed from. */
export function requestOf(entry: Entry, rows: Pick<Rows, 'byKey'>): Entry | undefined {
  return causesOf(entry, rows).find(isRepeatable);
}

/** Finds the act that an entry followed from. */
export function actOf(entry: Entry, rows: Pick<Rows, 'byKey'>): Entry | undefined {
  return causesOf(entry, rows).find(isAct);
}
