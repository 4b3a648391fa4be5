import { ask } from '../../../client/client.ts';
import type { Entry } from '../../../client/entry.ts';
import type { Rows } from '../rows.ts';
import type { Story } from './asTest.ts';
import { actOf, type Event, hasStory, isAct, isTestable, type Look } from './repeatable.ts';

const ACTS_MAX = '10000';

/** These change what happens to every order; to ask for a price, or to save a world, changes nothing. */
const OF_THE_WORLD = /^console\.(?:clock|faults|timers|platform|merchant|functions)$/;

/** Time is moved for what happens so much later than the act before it. */
const SOON_MS = 2000;

/** An entry, the order that it is looked at for, the entries it may have followed from, and where the cloud is. */
export interface StoryRequest {
  entry: Entry;
  order: string | undefined;
  rows: Pick<Rows, 'byKey'>;
  origin: string;
}

/**
 * Tells how an entry came about: all that was done to its order until then, what was done to the world meanwhile,
 * and how much time passed; nothing where nobody did anything.
 */
export async function storyOf(
  { entry, order, rows, origin }: StoryRequest,
  look: Look,
): Promise<Story | undefined> {
  if (!hasStory(entry, order, rows)) return undefined;
  const act = actOf(entry, rows);
  const chosen = await actsUntil(entry, order);
  if (act && !chosen.some(({ id }) => id === act.id)) chosen.push(act);
  const acts = await Promise.all(chosen.sort((a, b) => a.id - b.id).map(({ id }) => look(id)));
  const last = acts.at(-1);
  if (!last) return undefined;
  const laterMs = Date.parse(entry.at) - (entry.ms ?? 0) - endOf(last);
  return {
    acts,
    order,
    laterMs: isAct(entry) || laterMs < SOON_MS ? 0 : laterMs,
    wanted: isAct(entry) ? undefined : wantedOf(entry),
    origin,
  };
}

function wantedOf({ what, subject, detail: { status } = {} }: Entry): Story['wanted'] {
  return {
    what,
    ...(subject === undefined ? {} : { subject }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Lists what was done to an order before an entry, and to the world since the first of it. */
async function actsUntil(entry: Entry, order: string | undefined): Promise<Entry[]> {
  if (order === undefined) return [];
  const query = { actor: 'phone,console', limit: ACTS_MAX, before: String(entry.id) };
  const ofOrder = await ask('GET /_local/events', { query: { ...query, order } });
  const own = ofOrder.filter((each) => isAct(each) && isTestable(each));
  const [first] = own;
  if (!first) return [];
  const ids = new Set(own.map(({ id }) => id));
  const after = String(first.id);
  const since = await ask('GET /_local/events', { query: { ...query, after } });
  return [...own, ...since.filter(({ id, what }) => !ids.has(id) && OF_THE_WORLD.test(what))];
}

/** Finds when an act was over, in virtual time: one that moved the clock answers it. */
function endOf({ entry, answered }: Event): number {
  const isMove = entry.what === 'console.clock';
  const { now } = Object(isMove && answered?.body ? JSON.parse(answered.body) : {});
  return Date.parse(typeof now === 'string' ? now : entry.at);
}
