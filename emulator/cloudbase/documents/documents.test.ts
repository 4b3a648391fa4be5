import tcb from '@cloudbase/node-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENV_ID, type Harness, startHarness } from '../harness.ts';

let harness: Harness;
const app = tcb.init({ env: ENV_ID });
const db = app.database();
const _ = db.command;
let named = 0;

beforeAll(async () => {
  harness = await startHarness();
  Object.assign(process.env, harness.environment);
});
afterAll(() => harness.close());

/** A collection of its own for each test. */
function collection(...documents: Record<string, unknown>[]) {
  named += 1;
  const name = `c${named}`;
  harness.cloudbase.createCollection(name);
  return { name, of: db.collection(name), filled: filled(name, documents) };
}

async function filled(name: string, documents: Record<string, unknown>[]) {
  if (documents.length > 0) await db.collection(name).add(documents as never);
  return db.collection(name);
}

/** The code of the refusal that a call ends with. */
async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  return call.then(
    (answer) => Promise.reject(new Error(`not refused: ${JSON.stringify(answer)}`)),
    (error: { code: string; message: string }) => error,
  );
}

const only = async (call: PromiseLike<{ data: Record<string, unknown>[] }>) => (await call).data[0];

test('a document that the local cloud put there is the same one for a function that changes it', async () => {
  const { of, name } = collection();
  harness.cloudbase.put(name, [{ _id: 'latte', price: 1990 }]);
  await of.doc('latte').update({ price: 2090 });
  harness.cloudbase.put(name, [{ _id: 'latte', price: 1990 }]);
  expect((await of.get()).data).toEqual([{ _id: 'latte', price: 2090 }]);
});

describe('values travel both ways', () => {
  test.each([
    ['text', 'x'],
    ['an integer', 7],
    ['a large integer', 2 ** 40],
    ['a fraction', 0.5],
    ['a negative number', -1],
    ['an instant', new Date(1_700_000_000_000)],
    ['yes', true],
    ['null', null],
    ['a list', [1, 'a', { b: [] }]],
    ['an empty list', []],
    ['nested fields', { a: { b: { c: 1 } } }],
    ['an empty object', {}],
    ['Chinese', '商户订单号'],
  ])('%s comes back as it was stored', async (_name, value) => {
    const { of } = collection();
    const { id } = (await of.add({ value })) as { id: string };
    expect(await only(of.doc(id).get())).toEqual({ _id: id, value });
  });

  test('an ObjectId comes back as its 24 digits, in any field, and is found by itself', async () => {
    const { of } = collection();
    const id = '5f9b3b3b3b3b3b3b3b3b3b3b';
    const oid = db.ObjectId({ id });
    // A text that looks like one stays what it is.
    const text = `{"$oid":"${id}"}`;
    await of.add({ _id: oid, by: oid, deep: { list: [oid] }, text } as never);
    const seen = { _id: id, by: id, deep: { list: [id] }, text };
    expect((await of.where({ by: oid }).get()).data).toEqual([seen]);
    expect((await of.where({ by: id }).get()).data).toEqual([]);
    expect((await of.field({ by: true }).get()).data).toEqual([{ _id: id, by: id }]);
    expect((await of.aggregate().match({ by: oid }).end()).data).toEqual([seen]);
    const { doc } = (await of.where({ by: oid }).updateAndReturn({ n: 1 })) as { doc: unknown };
    expect(doc).toEqual({ ...seen, n: 1 });
    expect((await of.where({ by: oid, n: 1 }).get()).data).toHaveLength(1);
  });

  test('a server date is the time of the local cloud, plus its offset', async () => {
    const { of } = collection();
    const { id } = (await of.add({
      at: db.serverDate(),
      later: db.serverDate({ offset: 60_000 }),
    })) as { id: string };
    const { at, later } = (await only(of.doc(id).get())) as { at: Date; later: Date };
    expect(Math.abs(at.getTime() - harness.world.clock.nowMs())).toBeLessThan(5000);
    expect(later.getTime() - at.getTime()).toBe(60_000);
  });

  test('a document without _id gets one of 32 hexadecimal digits', async () => {
    const { of } = collection();
    expect(((await of.add({})) as { id: string }).id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('several documents are added in one call', async () => {
    const { of } = collection();
    const { ids } = (await of.add([{ _id: 'a' }, { _id: 'b' }] as never)) as unknown as {
      ids: string[];
    };
    expect(ids).toEqual(['a', 'b']);
    expect((await of.count()).total).toBe(2);
  });

  test('1 and "1" are two documents', async () => {
    const of = await collection({ _id: 1, a: 'number' }, { _id: '1', a: 'text' }).filled;
    expect(await only(of.doc(1).get())).toMatchObject({ a: 'number' });
    expect(await only(of.doc('1').get())).toMatchObject({ a: 'text' });
  });
});

describe('a query finds what MongoDB finds', () => {
  const date = (day: number) => new Date(Date.UTC(2026, 0, day));
  const documents = [
    { _id: 'a', n: 1, tags: ['x', 'y'], at: date(1), meta: { k: 1 } },
    { _id: 'b', n: 2, tags: ['y'], at: date(2), meta: { k: 2 } },
    { _id: 'c', n: 3, tags: [], at: null, name: 'Tea' },
    { _id: 'd', n: 4, name: 'teapot' },
  ];
  test.each([
    ['equality', { n: 2 }, 'b'],
    ['several fields', { n: 2, 'meta.k': 2 }, 'b'],
    ['nested fields written as an object', { meta: { k: 2 } }, 'b'],
    ['_.eq', { n: _.eq(3) }, 'c'],
    ['_.neq', { n: _.neq(3) }, 'abd'],
    ['_.gt', { n: _.gt(3) }, 'd'],
    ['_.gte', { n: _.gte(3) }, 'cd'],
    ['_.lt', { n: _.lt(2) }, 'a'],
    ['_.lte of a date never finds null or nothing', { at: _.lte(date(9)) }, 'ab'],
    ['a date range', { at: _.gt(date(1)).and(_.lte(date(2))) }, 'b'],
    ['_.in', { n: _.in([1, 4, 9]) }, 'ad'],
    ['_.in of nothing', { n: _.in([]) }, ''],
    ['_.nin', { n: _.nin([1, 4]) }, 'bc'],
    ['null finds null and what is missing', { at: null }, 'cd'],
    ['_.exists(true) finds null too', { at: _.exists(true) }, 'abc'],
    ['_.exists(false)', { at: _.exists(false) }, 'd'],
    ['an element of a list', { tags: 'y' }, 'ab'],
    ['_.all', { tags: _.all(['x', 'y']) }, 'a'],
    ['_.size', { tags: _.size(0) }, 'c'],
    ['_.or', _.or([{ n: 1 }, { name: 'Tea' }]), 'ac'],
    ['_.and', _.and([{ n: _.gt(1) }, { n: _.lt(3) }]), 'b'],
    ['_.not', { n: _.not(_.gt(1)) }, 'a'],
    ['a regular expression', { name: /^tea/ }, 'd'],
    ['db.RegExp', { name: db.RegExp({ regexp: '^tea', options: 'i' }) }, 'cd'],
    ['a field of a hostile name', { 'n.constructor': 1, n: 1 }, ''],
    ['nothing at all', {}, 'abcd'],
    ['a condition left undefined is dropped by the SDK', { n: 2, name: undefined }, 'b'],
  ])('%s', async (_name, where, ids) => {
    const of = await collection(...documents).filled;
    const { data } = await of
      .where(where as object)
      .orderBy('_id', 'asc')
      .get();
    expect(data.map(({ _id }) => _id).join('')).toBe(ids);
    expect((await of.where(where as object).count()).total).toBe(ids.length);
  });

  test('an unknown operator is refused', async () => {
    const of = await collection(...documents).filled;
    const unknown = of.options({ raw: true } as never).where({ n: { $near: 1 } });
    expect(await refusal(unknown.get())).toMatchObject({ code: 'DATABASE_INVALID_OPERRATOR' });
  });
});

describe('paging', () => {
  const numbered = (count: number) =>
    Array.from({ length: count }, (_item, at) => ({ _id: `d${at}`, n: (at * 7919) % count }));

  test('100 documents unless asked otherwise, 1,000 at most', async () => {
    const of = await collection(...numbered(1200)).filled;
    expect((await of.get()).data).toHaveLength(100);
    expect((await of.limit(5000).get()).data).toHaveLength(1000);
    expect((await of.count()).total).toBe(1200);
  });

  test('pages in order go past 1,000 without loss or repetition', async () => {
    const of = await collection(...numbered(1200)).filled;
    const seen: number[] = [];
    for (let page = 0; page < 4; page += 1) {
      const { data } = await of
        .orderBy('n', 'asc')
        .skip(page * 400)
        .limit(400)
        .get();
      seen.push(...data.map(({ n }) => n as number));
    }
    expect(seen).toEqual(Array.from({ length: 1200 }, (_item, at) => at));
  });

  test('orderBy, skip, limit and field together', async () => {
    const of = await collection(...numbered(10)).filled;
    const { data } = await of
      .where({ n: _.gt(2) })
      .orderBy('n', 'desc')
      .skip(1)
      .limit(2)
      .field({ n: true, _id: false })
      .get();
    expect(data).toEqual([{ n: 8 }, { n: 7 }]);
  });

  test('a second order decides between equals', async () => {
    const of = await collection({ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 0, b: 3 }).filled;
    const { data } = await of.orderBy('a', 'asc').orderBy('b', 'desc').get();
    expect(data.map(({ b }) => b)).toEqual([3, 2, 1]);
  });

  test('an order across types is MongoDB’s: null, numbers, text, yes or no, dates', async () => {
    const values = [new Date(0), true, 'a', 1, null];
    const of = await collection(...values.map((v) => ({ v }))).filled;
    const { data } = await of.orderBy('v', 'asc').get();
    expect(data.map(({ v }) => v)).toEqual([...values].reverse());
  });
});

describe('a change', () => {
  test('is made once: the second of two equal conditional updates finds nothing', async () => {
    const of = await collection({ _id: 'T1', state: 'paying' }).filled;
    const pay = () => of.where({ _id: 'T1', state: 'paying' }).update({ state: 'paid' });
    expect((await pay()).updated).toBe(1);
    expect((await pay()).updated).toBe(0);
  });

  test('that changes nothing does not count; as a set, or returned, it does', async () => {
    const of = await collection({ _id: 'T1', state: 'paid' }).filled;
    const same = { state: 'paid' };
    expect((await of.where({ _id: 'T1' }).update(same)).updated).toBe(0);
    expect((await of.doc('T1').update(same)).updated).toBe(0);
    expect((await of.doc('T1').set(same)).updated).toBe(1);
    expect((await of.where({ _id: 'T1' }).updateAndReturn(same)).updated).toBe(1);
  });

  test('of 50 at once on one version, exactly one is made', async () => {
    const of = await collection({ _id: 'T1', version: 1 }).filled;
    const results = await Promise.all(
      Array.from({ length: 50 }, (_item, by) =>
        of.where({ _id: 'T1', version: 1 }).update({ version: 2, by }),
      ),
    );
    expect(results.filter(({ updated }) => updated === 1)).toHaveLength(1);
    expect(results.filter(({ updated }) => updated === 0)).toHaveLength(49);
  });

  test('reaches every match, or one with multiple: false', async () => {
    const of = await collection({ n: 1 }, { n: 1 }, { n: 1 }).filled;
    const one = of.where({ n: 1 }).options({ multiple: false });
    expect((await one.update({ n: 2 })).updated).toBe(1);
    expect((await of.where({ n: 1 }).update({ n: 3 })).updated).toBe(2);
  });

  const before = { _id: 'T1', n: 1, list: [1, 2], meta: { a: 1, b: 2 }, text: 'x' };
  test.each([
    ['_.inc adds', { n: _.inc(2) }, { n: 3 }],
    ['_.inc starts at 0', { m: _.inc(2) }, { m: 2 }],
    ['_.mul multiplies', { n: _.mul(5) }, { n: 5 }],
    ['_.min keeps the lesser', { n: _.min(0) }, { n: 0 }],
    ['_.max keeps the greater', { n: _.max(9) }, { n: 9 }],
    ['_.remove clears a field', { text: _.remove() }, { text: undefined }],
    ['_.set replaces an object whole', { meta: _.set({ c: 3 }) }, { meta: { c: 3 } }],
    ['_.set takes an empty object', { meta: _.set({}) }, { meta: {} }],
    ['a nested object merges', { meta: { a: 9 } }, { meta: { a: 9, b: 2 } }],
    ['an empty object vanishes in the SDK', { meta: {}, n: 5 }, { n: 5 }],
    ['a list is replaced', { list: [3] }, { list: [3] }],
    ['_.push appends', { list: _.push(3, 4) }, { list: [1, 2, 3, 4] }],
    ['_.unshift prepends', { list: _.unshift(0) }, { list: [0, 1, 2] }],
    ['_.pop takes the last', { list: _.pop() }, { list: [1] }],
    ['_.shift takes the first', { list: _.shift() }, { list: [2] }],
    ['_.pull takes out', { list: _.pull(1) }, { list: [2] }],
    ['_.pullAll takes out several', { list: _.pullAll([1, 2]) }, { list: [] }],
    ['_.addToSet adds what is new', { list: _.addToSet(3) }, { list: [1, 2, 3] }],
    ['_.rename', { text: _.rename('name') }, { text: undefined, name: 'x' }],
    ['null is a value', { text: null }, { text: null }],
    ['a dotted path reaches inside', { 'meta.b': 7 }, { meta: { a: 1, b: 7 } }],
  ])('%s', async (_name, data, expected) => {
    const of = await collection(before).filled;
    expect((await of.where({ _id: 'T1' }).update(data)).updated).toBe(1);
    const wanted = Object.fromEntries(
      Object.entries({ ...before, ...expected }).filter(([, value]) => value !== undefined),
    );
    expect(await only(of.doc('T1').get())).toEqual(wanted);
  });

  test.each([
    ['a path through null', { 'none.a': 1 }],
    ['a path through text', { 'text.a': 1 }],
    ['a sum on text', { text: _.inc(1) }],
    ['a sum on null', { none: _.inc(1) }],
    ['a push on text', { text: _.push('y') }],
    ['an empty change', {}],
  ])('is refused: %s', async (_name, data) => {
    const of = await collection({ ...before, none: null }).filled;
    expect(await refusal(of.where({ _id: 'T1' }).update(data))).toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
    });
    expect(await only(of.doc('T1').get())).toEqual({ ...before, none: null });
  });

  test('doc.set replaces the whole document, or creates it', async () => {
    const of = await collection({ _id: 'T1', a: 1 }).filled;
    expect(await of.doc('T1').set({ b: 2 })).toMatchObject({ updated: 1 });
    expect(await only(of.doc('T1').get())).toEqual({ _id: 'T1', b: 2 });
    expect(await of.doc('T2').set({ c: 3 })).toMatchObject({ updated: 0, upsertedId: 'T2' });
    expect(await only(of.doc('T2').get())).toEqual({ _id: 'T2', c: 3 });
  });

  test('doc.update changes fields and never creates', async () => {
    const of = await collection({ _id: 'T1', a: 1 }).filled;
    expect((await of.doc('T1').update({ b: 2 })).updated).toBe(1);
    expect((await of.doc('T2').update({ b: 2 })).updated).toBe(0);
    expect(await only(of.doc('T1').get())).toEqual({ _id: 'T1', a: 1, b: 2 });
    expect((await of.count()).total).toBe(1);
  });

  test('reaches the element of a list that the condition found', async () => {
    const of = await collection({ _id: 'T1', list: [{ k: 1 }, { k: 2 }] }).filled;
    await of.where({ 'list.k': 2 }).update({ 'list.$.v': 'x' });
    expect(await only(of.doc('T1').get())).toEqual({
      _id: 'T1',
      list: [{ k: 1 }, { k: 2, v: 'x' }],
    });
  });

  test('may create what it does not find, from what the condition equals', async () => {
    const { name, of } = collection();
    type Requester = new (config: unknown) => { send(a: string, f: object): Promise<unknown> };
    const { reqClass } = db.constructor as unknown as { reqClass: Requester };
    const requester = new reqClass((app as unknown as { config: object }).config);
    const upsert = () =>
      requester.send('database.modifyDocument', {
        collectionName: name,
        query: '{"_id":"T1","state":{"$eq":"new"},"n":{"$gt":5},"$and":[{"m.k":7}]}',
        data: '{"$set":{"a":1},"$setOnInsert":{"b":2}}',
        merge: true,
        upsert: true,
      });
    expect(await upsert()).toMatchObject({ data: { updated: 0, upsert_id: 'T1' } });
    expect(await only(of.doc('T1').get())).toEqual({
      _id: 'T1',
      state: 'new',
      m: { k: 7 },
      a: 1,
      b: 2,
    });
  });

  test('updateAndReturn answers the document as it is afterwards', async () => {
    const of = await collection({ _id: 'T1', n: 1 }).filled;
    const done = await of.where({ _id: 'T1' }).updateAndReturn({ n: _.inc(1) });
    expect(done).toMatchObject({ updated: 1, doc: { _id: 'T1', n: 2 } });
    const none = await of.where({ _id: 'T2' }).updateAndReturn({ n: 1 });
    expect(none).toMatchObject({ updated: 0, doc: null });
  });

  test('remove takes all matches, doc.remove one', async () => {
    const of = await collection({ _id: 'a', n: 1 }, { _id: 'b', n: 1 }, { _id: 'c' }).filled;
    expect((await of.where({ n: 1 }).remove()).deleted).toBe(2);
    expect((await of.doc('c').remove()).deleted).toBe(1);
    expect((await of.doc('c').remove()).deleted).toBe(0);
  });
});

describe('_.elemMatch', () => {
  const elemMatch = _.elemMatch as unknown as (condition: unknown) => unknown;
  const documents = [
    { _id: 'numbers', list: [1, 2, 3] },
    { _id: 'documents', list: [{ v: 1 }, { v: 7, w: 1 }] },
    { _id: 'mixed', list: [1, { v: 2 }] },
    { _id: 'other', list: [{ w: 2 }] },
    { _id: 'lists', list: [['x']] },
    { _id: 'none' },
  ];

  test.each([
    ['a bound on elements', _.gt(2), ['numbers']],
    ['a field', { v: 7 }, ['documents']],
    ['a bound on a field', { v: _.gt(1) }, ['documents', 'mixed']],
    ['two fields of one element', { v: 1, w: 1 }, []],
    ['a field that is there', { v: _.exists(true) }, ['documents', 'mixed']],
    ['a field that is not there', { v: _.exists(false) }, ['other']],
    [
      'a field that divides',
      { v: (_.mod as unknown as (pair: number[]) => unknown)([4, 3]) },
      ['documents'],
    ],
    ['either field', { $or: [{ w: 1 }, { v: 2 }] }, ['documents', 'mixed']],
  ])('%s', async (_name, condition, expected) => {
    const of = await collection(...documents).filled;
    const { data } = await of.where({ list: elemMatch(condition) }).get();
    expect(data.map(({ _id }: { _id: string }) => _id)).toEqual(expected);
  });
});

describe('expressions of an aggregation', () => {
  const $ = _.aggregate;
  const doc = { _id: 'a', text: '订单-a1', at: new Date('2019-05-14T09:38:51.686Z'), none: null };
  const monday = new Date('2018-01-01T00:00:00Z');

  test.each<[string, unknown, unknown]>([
    ['weeks begin on Sunday, before the first it is week 0', $.week('$at'), 19],
    ['the week of nothing', $.week('$none'), null],
    ['a year that begins on a Monday', $.week(monday), 0],
    ['a text is found by code points', $.indexOfCP(['$text', 'a']), 3],
    ['by bytes', $.indexOfBytes(['$text', 'a']), 7],
    ['from a start', $.indexOfCP(['$text', '订', 1]), -1],
    ['up to an end', $.indexOfCP(['$text', 'a1', 0, 4]), -1],
    ['what is not there', $.indexOfCP(['$text', 'z']), -1],
    ['in nothing', $.indexOfCP(['$none', 'z']), null],
    ['bytes are cut out', $.substrBytes(['$text', 3, 4]), '单-'],
    ['the rest of them', $.substr(['$text', 6, -1]), '-a1'],
    ['more than there are', $.substr(['$text', 6, 99]), '-a1'],
    ['beyond the end', $.substr(['$text', 99, 1]), ''],
    ['out of nothing', $.substr(['$none', 0, 1]), ''],
  ])('%s', async (_name, value, expected) => {
    const of = await collection(doc).filled;
    const { data } = await of.aggregate().project({ _id: 0, value }).end();
    expect(data).toEqual([{ value: expected }]);
  });

  test.each<[string, unknown]>([
    ['half a character', $.substrBytes(['$text', 1, 2])],
    ['a negative start', $.substr(['$text', -1, 2])],
    ['a number searched', $.indexOfCP(['$at', 'z'])],
    ['too few arguments', $.indexOfCP(['$text'])],
  ])('refused: %s', async (_name, value) => {
    const of = await collection(doc).filled;
    const refused = await refusal(of.aggregate().project({ value }).end());
    expect(refused).toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
  });
});

describe('aggregation', () => {
  const orders = [
    { _id: 'a', state: 'paid', fee: 100, goods: 'tea' },
    { _id: 'b', state: 'paid', fee: 250, goods: 'pot' },
    { _id: 'c', state: 'closed', fee: 900, goods: 'tea' },
  ];
  const $ = _.aggregate;

  test('groups and sums', async () => {
    const of = await collection(...orders).filled;
    const { data } = await of
      .aggregate()
      .match({ state: 'paid' })
      .group({ _id: '$state', sum: $.sum('$fee'), count: $.sum(1) })
      .end();
    expect(data).toEqual([{ _id: 'paid', sum: 350, count: 2 }]);
  });

  test('sorts, skips, limits, counts, projects', async () => {
    const of = await collection(...orders).filled;
    const { data } = await of.aggregate().sort({ fee: -1 }).skip(1).limit(1).end();
    expect(data).toEqual([orders[1]]);
    expect((await of.aggregate().count('n').end()).data).toEqual([{ n: 3 }]);
    const fees = await of.aggregate().project({ _id: 0, fee: 1 }).limit(1).end();
    expect(fees.data).toEqual([{ fee: 100 }]);
  });

  test('joins another collection and leaves the documents as they are', async () => {
    const of = await collection(...orders).filled;
    const goods = collection({ _id: 'tea', price: 100 });
    await goods.filled;
    const { data } = await of
      .aggregate()
      .match({ _id: 'a' })
      .lookup({ from: goods.name, localField: 'goods', foreignField: '_id', as: 'found' })
      .end();
    expect(data[0].found).toEqual([{ _id: 'tea', price: 100 }]);
    expect(await only(of.doc('a').get())).toEqual(orders[0]);
  });
});

describe('refusals carry the platform’s codes', () => {
  test('an unknown collection, whatever is done to it', async () => {
    const of = db.collection('nowhere');
    for (const call of [
      of.add({}),
      of.get(),
      of.count(),
      of.doc('x').set({}),
      of.where({}).remove(),
    ]) {
      expect(await refusal(call)).toMatchObject({ code: 'DATABASE_COLLECTION_NOT_EXIST' });
    }
  });

  test('a duplicate _id, in MongoDB’s words', async () => {
    const of = await collection({ _id: 'T1', a: 1 }).filled;
    const error = await refusal(of.add({ _id: 'T1', a: 2 }));
    expect(error.code).toBe('DATABASE_DUPLICATE_WRITE');
    expect(error.message).toMatch(
      /E11000 duplicate key error .* index: _id_ dup key: { _id: "T1" }/,
    );
    expect(await only(of.doc('T1').get())).toEqual({ _id: 'T1', a: 1 });
  });

  test('several added at once are written up to the first duplicate', async () => {
    const of = await collection({ _id: 'b' }).filled;
    const several = [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }] as never;
    expect(await refusal(of.add(several))).toMatchObject({ code: 'DATABASE_DUPLICATE_WRITE' });
    expect((await of.orderBy('_id', 'asc').get()).data).toEqual([{ _id: 'a' }, { _id: 'b' }]);
  });

  test('an answer over 1 MB', async () => {
    const { of } = collection();
    for (const _id of ['a', 'b', 'c']) await of.add({ _id, text: 'x'.repeat(400_000) });
    expect(await refusal(of.get())).toMatchObject({ code: 'EXCEED_MAX_RESPONSE_SIZE' });
    expect((await of.limit(2).get()).data).toHaveLength(2);
  });

  test('a document over 16 MB', async () => {
    const { of } = collection();
    const text = 'x'.repeat(17 * 1024 * 1024);
    expect(await refusal(of.add({ text }))).toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
    expect((await of.count()).total).toBe(0);
  });

  test.each([
    ['objects', (inner: object) => ({ a: inner })],
    ['lists', (inner: object) => [inner]],
  ])('%s deeper than 100 levels', async (_name, around) => {
    const { of } = collection();
    const nested = (levels: number): object => (levels === 1 ? {} : around(nested(levels - 1)));
    expect(await of.add({ _id: 'T1', deep: nested(99) })).toMatchObject({ id: 'T1' });
    const tooDeep = { code: 'DATABASE_REQUEST_FAILED' };
    expect(await refusal(of.add({ deep: nested(100) }))).toMatchObject(tooDeep);
    const deeper = of.where({ _id: 'T1' }).update({ deep: _.set(nested(100)) });
    expect(await refusal(deeper)).toMatchObject(tooDeep);
  });

  test('the backend’s own words end as the platform’s do', async () => {
    const ending = /\. Please check your request, but if the problem persists, contact us\.$/;
    expect((await refusal(db.collection('nowhere').get())).message).toMatch(ending);
    const { of } = collection();
    expect((await refusal(of.add({ $inc: { n: 1 } }))).message).toMatch(ending);
  });

  test('a field name that is an operator', async () => {
    const { of } = collection();
    expect(await refusal(of.add({ $inc: { n: 1 } }))).toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
    });
  });
});

test.each(['', 'a b', '$x', 'a/b', 'a\0b'])('no collection is called %j', async (name) => {
  await expect(Promise.resolve(db.createCollection(name))).rejects.toMatchObject({
    code: 'INVALID_PARAM',
  });
});

test('createCollection from a client creates, twice is once', async () => {
  await db.createCollection('made');
  await db.collection('made').add({ _id: 'a' });
  await db.createCollection('made');
  expect((await db.collection('made').count()).total).toBe(1);
});
