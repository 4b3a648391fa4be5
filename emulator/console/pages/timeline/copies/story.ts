import { ask } from '../../../client/client.ts';
import type { Entry } from '../../../client/streamHub.ts';
import type { Rows } from '../rows.ts';
import type { Story } from './asTest.ts';
import { actOf, causesOf, isAct, type Look } from './repeatable.ts';

const ACTS_MAX = '10000';

/**
 * Tells how an entry came about: all that was done to its order up to the act that it followed from, and what was
 * done to the world meanwhile.
 */
export async function storyOf(
  entry: Entry,
  rows: Pick<Rows, 'byKey'>,
  look: Look,
): Promise<Story | undefined> {
  const act = actOf(entry, rows);
  if (!act) return undefined;
  const order = orderOf(entry, rows) ?? (await look(act.id)).orders[0];
  const query = { actor: 'phone,console', limit: ACTS_MAX, before: String(act.id) };
  const before = (await ask('GET /_local/events', { query })).filter(isAct);
  const ofOrder =
    order === undefined ? [] : await ask('GET /_local/events', { query: { ...query, order } });
  const ids = new Set(ofOrder.map(({ id }) => id));
  const firstId = ofOrder.find(isAct)?.id ?? act.id;
  const belongs = ({ id, what }: Entry) =>
    ids.has(id) || (id > firstId && what.startsWith('console.'));
  const faults = before
    .filter(({ id, what }) => id < firstId && what === 'console.faults')
    .slice(-1);
  const chosen = [...faults, ...before.filter(belongs), act];
  const acts = await Promise.all(chosen.map(({ id }) => look(id)));
  const { status } = entry.detail ?? {};
  const wanted = isAct(entry)
    ? undefined
    : { what: entry.what, ...(status === undefined ? {} : { status }) };
  return { acts, order, wanted, origin: location.origin };
}

/** Finds the order that an entry, or what it followed from, names. */
export function orderOf(entry: Entry, rows: Pick<Rows, 'byKey'>): string | undefined {
  for (const { what, subject = '', detail } of causesOf(entry, rows)) {
    if (typeof detail?.outTradeNo === 'string') return detail.outTradeNo;
    if (subject.startsWith('orders/')) return subject.slice('orders/'.length);
    if (/^wechatpay\.(?:jsapi|query|close|notify|cashier)$/.test(what) && subject) return subject;
  }
  return undefined;
}
