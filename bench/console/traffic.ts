/** Plays an hour of virtual traffic while pages of the console are open, and reads memory on the way. */
import tcb from '@cloudbase/node-sdk';
import type { Page } from 'playwright-core';
import { ENV_ID, type LocalCloud } from '../../emulator/main.ts';
import { type Bench, doInTime } from '../harness/bench.ts';
import type { Series } from '../harness/series.ts';
import { median, type Row } from '../harness/table.ts';
import { type Held, heldBy } from './memory.ts';
import { pass, pay, place } from './shop.ts';

/** An hour, a purchase each two seconds: the timers of sixty minutes run meanwhile. */
const PURCHASES = 1800;
const APART = 'PT2S';
/** Counts the readings of memory on the way; the first ones warm up: caches fill to their limits. */
const READINGS = 20;
const WARM_UP = 5;
/** Counts those who buy in turn. */
const PAYERS = 50;

/** The samples of an hour: its purchases, and what was held on the way. */
export interface Traffic {
  purchases: Series<void>;
  readings: Series<Held>;
}

/** Begins the samples of the traffic. */
export function beginTraffic(bench: Bench): Traffic {
  return { purchases: bench.series(PURCHASES), readings: bench.series(READINGS) };
}

/** Lets an hour pass: each purchase is placed, paid, notified and fulfilled; the oldest order makes room for it. */
export async function letHourPass(
  bench: Bench,
  cloud: LocalCloud,
  { pages, purchases, readings }: Traffic & { pages: readonly Page[] },
): Promise<void> {
  const dropOldest = oldestDropper(cloud);
  const numbers = Array.from({ length: PURCHASES }, (_, i) => i);
  await doInTime(numbers, { isOver: bench.share(1) }, async (i) => {
    bench.doing(`an hour of traffic, ${i + 1} of ${PURCHASES} purchases`);
    await purchases.take(async () => {
      const name = `HOUR${String(i).padStart(8, '0')}`;
      await pay(cloud, await place(cloud, name, `oHour${i % PAYERS}`));
      await pass(cloud, APART, 'all');
      await dropOldest();
    });
    if ((i + 1) % (PURCHASES / READINGS) === 0) await readings.take(() => heldBy(pages));
  });
}

/** Removes order after order, the oldest first, as a merchant does who archives: there are ever as many. */
function oldestDropper(cloud: LocalCloud): () => Promise<void> {
  Object.assign(process.env, cloud.environment());
  const db = tcb.init({ env: ENV_ID }).database();
  const all = cloud.cloudbase.documents('orders', Number.MAX_SAFE_INTEGER) as { _id: string }[];
  const oldest = all.reverse().values();
  return async () => {
    const { _id: outTradeNo = '' } = oldest.next().value ?? {};
    await db.collection('orders').doc(outTradeNo).remove();
    await db.collection('purchases').where({ outTradeNo }).remove();
  };
}

/** Sums the hour up: what is held after its first quarter and at its end, and how it moves by the hour. */
export function rowsOfTraffic({ purchases, readings }: Traffic): Row[] {
  const counted = readings.values.slice(WARM_UP);
  if (counted.length < 3) return [];
  const row = (what: string, of: (held: Held) => number): Row => {
    const values = counted.map(of);
    return {
      what,
      purchases: purchases.values.length,
      'after a quarter': rounded(values[0]),
      'at the end': rounded(values.at(-1)),
      'a purchase': rounded(slopeOf(values) / (PURCHASES / READINGS), 1e5),
      most: rounded(Math.max(...values)),
    };
  };
  return [
    row('both pages, MB', ({ pageMb }) => pageMb),
    row('both pages, nodes', ({ nodes }) => nodes),
    row('both pages, listeners', ({ listeners }) => listeners),
    row('local cloud, MB', ({ cloudMb }) => cloudMb),
  ];
}

/** The median of the slopes between all pairs (Theil and Sen): no single reading decides it. */
function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((a, i) => values.slice(i + 1).map((b, j) => (b - a) / (j + 1)));
  return median(slopes);
}

function rounded(value = Number.NaN, to = 100): number {
  return Math.round(value * to) / to;
}
