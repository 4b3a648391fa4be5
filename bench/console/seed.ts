/** Fills a local cloud: an order of each kind, really made, and thousands of copies of them, on both sides. */
import type Database from 'libsql';
import { fromText, toText } from '../../emulator/cloudbase/values/ejson.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { numberOfAttempt } from '../../shared/domain/order/purchase.ts';
import { close, pass, pay, place, refund } from './shop.ts';

/** Hold what is known of an order: here, and at WeChat. */
const COLLECTIONS = ['orders', 'purchases'] as const;
const TABLES = ['wechatpay_orders', 'wechatpay_refunds', 'wechatpay_prepays'] as const;

const PRICE = 1990;
/** Copies lie so far apart in time. */
const APART_MS = 10_000;
/** So many of the newest are still to be paid: older ones would have expired. */
const PAYING = 100;

type Row = Record<string, unknown>;

/** An order that was really made, with all that is known of it. */
interface Sample {
  /** Its own name, number and ids; each copy has others. */
  name: string;
  ids: string[];
  documents: { collection: string; text: string }[];
  rows: { table: string; row: Row }[];
  entries: { what: string; subject?: string; detail?: Row }[];
}

/** How an order of each kind comes about. */
const KINDS = {
  paid: async (cloud: LocalCloud, name: string) => {
    const bought = await place(cloud, name);
    await pay(cloud, bought);
    return bought;
  },
  part: async (cloud: LocalCloud, name: string) => {
    const bought = await KINDS.paid(cloud, name);
    await pass(cloud, 'PT2S', 'none');
    await refund(cloud, bought, PRICE / 2);
    return bought;
  },
  whole: async (cloud: LocalCloud, name: string) => {
    const bought = await KINDS.paid(cloud, name);
    await pass(cloud, 'PT2S', 'none');
    await refund(cloud, bought, PRICE);
    return bought;
  },
  closed: async (cloud: LocalCloud, name: string) => {
    const bought = await place(cloud, name);
    await close(cloud, bought);
    return bought;
  },
  paying: (cloud: LocalCloud, name: string) => place(cloud, name),
};
type Kind = keyof typeof KINDS;

/** Of twenty orders, so many are of each kind. */
const MIX: readonly Kind[] = [
  ...Array.from({ length: 14 }, () => 'paid' as const),
  'part',
  'part',
  'whole',
  'closed',
  'closed',
  'closed',
];

/** Makes `count` orders, of which all but five are copies, and `entries` entries of the timeline. */
export async function seed(
  cloud: LocalCloud,
  { count, entries }: { count: number; entries: number },
): Promise<void> {
  const samples = await makeSamples(cloud);
  const copies = Array.from({ length: count - Object.keys(KINDS).length }, (_, i) => {
    const left = count - i;
    const kind = left <= PAYING ? 'paying' : (MIX[i % MIX.length] ?? 'paid');
    return copyOf(samples[kind], `BENCH${String(i).padStart(7, '0')}`, left * APART_MS);
  });
  for (const collection of COLLECTIONS) {
    const documents = copies.flatMap((copy) => copy.documents);
    const own = documents.filter((document) => document.collection === collection);
    cloud.cloudbase.put(
      collection,
      own.map(({ text }) => fromText(text)),
    );
  }
  const { data, timeline } = cloud.world;
  data.atomically(() => {
    for (const { table, row } of copies.flatMap((copy) => copy.rows)) insert(data.db, table, row);
  });
  const happened = copies.flatMap((copy) => copy.entries);
  for (let i = 0; i < entries; i += 1) {
    const entry = happened[i % happened.length];
    if (entry) timeline.add(entry);
  }
}

async function makeSamples(cloud: LocalCloud): Promise<Record<Kind, Sample>> {
  const made: Partial<Record<Kind, Sample>> = {};
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const name = `SAMPLE${kind}`;
    const before = cloud.world.timeline.recent().at(-1)?.id ?? 0;
    const { outTradeNo } = await KINDS[kind](cloud, name);
    await pass(cloud, 'PT2S', 'none');
    await cloud.world.gate.idle();
    // A refund takes WeChat minutes.
    if (kind === 'part' || kind === 'whole') await pass(cloud, 'PT10M', 'none');
    await cloud.world.gate.idle();
    made[kind] = sampleOf(cloud, { name, outTradeNo, before });
  }
  return made as Record<Kind, Sample>;
}

interface Made {
  name: string;
  outTradeNo: string;
  /** The last entry of the timeline before it. */
  before: number;
}

function sampleOf({ cloudbase, world }: LocalCloud, made: Made): Sample {
  const { name, outTradeNo, before } = made;
  const documents = COLLECTIONS.flatMap((collection) =>
    cloudbase
      .documents(collection, Number.MAX_SAFE_INTEGER)
      .map((document) => ({ collection, text: toText(document) }))
      .filter(({ text }) => text.includes(outTradeNo)),
  );
  const rows = TABLES.flatMap((table) =>
    (world.data.db.prepare(`SELECT * FROM ${table}`).all() as Row[])
      .filter((row) => JSON.stringify(row).includes(outTradeNo))
      .map(({ _metadata, ...row }) => ({ table, row })),
  );
  const ids = rows.flatMap(({ row }) =>
    ['transaction_id', 'refund_id', 'key'].flatMap((column) =>
      typeof row[column] === 'string' ? [row[column]] : [],
    ),
  );
  const entries = world.timeline.recent(before).map(({ what, subject, detail }) => ({
    what,
    ...(subject !== undefined && { subject }),
    ...(detail && { detail }),
  }));
  return { name, ids: [outTradeNo, ...ids], documents, rows, entries };
}

/** Copies a sample under a name, a number and ids of its own, so long ago. */
function copyOf(
  { name, ids, ...known }: Sample,
  as: string,
  agoMs: number,
): Omit<Sample, 'name' | 'ids'> {
  const [outTradeNo = '', ...others] = ids;
  const renamed = others.reduce(
    (text, id) => text.replaceAll(id, id.slice(0, -7) + as.slice(-7)),
    JSON.stringify(known).replaceAll(outTradeNo, numberOfAttempt(as, 1)).replaceAll(name, as),
  );
  const earlier = renamed
    .replace(/\b1\d{12}\b/g, (ms) => String(Number(ms) - agoMs))
    .replace(/\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z/g, (at) =>
      new Date(Date.parse(at) - agoMs).toISOString(),
    );
  return JSON.parse(earlier);
}

function insert(db: Database.Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${table}(${columns.join(', ')}) VALUES (${marks})`).run(
    ...Object.values(row),
  );
}
