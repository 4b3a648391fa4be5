import { expect, test } from 'vitest';
import { createCauses } from './causes.ts';
import { createExchanges, EXCHANGES_MAX } from './exchanges.ts';
import { createTimeline } from './timeline.ts';

const now = () => new Date('2026-11-25T02:00:01Z');
const sent = (body: string) => ({ line: 'POST /x', headers: {}, body });

test('the newest entries are kept, and the log lines of fewer', () => {
  const timeline = createTimeline(now, { keepMax: 100, logsMax: 10 });
  for (let id = 1; id <= 1000; id += 1)
    timeline.add({ what: 'function.call', detail: { log: [`line ${id}`] } });
  const kept = timeline.recent();
  expect(kept).toHaveLength(100);
  expect(kept.at(-1)?.id).toBe(1000);
  expect(kept.filter(({ detail }) => detail?.log).map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, i) => 991 + i),
  );
  expect(timeline.entry(950)?.id).toBe(950);
  expect(timeline.entry(850)).toBeUndefined();
});

test('bytes are bounded in count, in all and one by one; the newest always stay', () => {
  const many = createExchanges();
  for (let id = 1; id <= EXCHANGES_MAX + 5; id += 1) many.keep(id, { sent: sent('x') });
  expect(many.find(5)).toBeUndefined();
  expect(many.find(6)).toBeDefined();
  const large = createExchanges(10_000);
  for (let id = 1; id <= 5; id += 1) large.keep(id, { sent: sent('x'.repeat(4000)) });
  expect([1, 2, 3, 4, 5].filter((id) => large.find(id))).toEqual([4, 5]);
  large.keep(6, { sent: sent('y'.repeat(1_000_000)) });
  expect(large.find(6)?.sent.body).toMatch(/^y{64000}… \(1000000 chars\)$/);
});

test('what follows from an act names it, and belongs to the orders that turn up later', async () => {
  const causes = createCauses();
  const timeline = createTimeline(now, { causes });
  const act = causes.open({ startsChain: true });
  timeline.add({ what: 'phone.call', subject: 'unifiedOrder', key: act.key });
  await causes.within(act, async () => {
    await Promise.resolve();
    timeline.add({ what: 'cloudbase.insertDocument', subject: 'orders/T1' });
  });
  timeline.add({ what: 'cloudbase.insertDocument', subject: 'orders/T2' });
  const ofT1 = timeline.select({ order: 'T1', limit: 10 });
  expect(ofT1).toMatchObject([
    { what: 'phone.call', actor: 'phone', key: act.key },
    { what: 'cloudbase.insertDocument', actor: 'database', cause: act.key },
  ]);
  expect(ofT1[0]?.chain).toBe(ofT1[1]?.chain);
  expect(timeline.select({ order: 'T2', limit: 10 })).toMatchObject([{ subject: 'orders/T2' }]);
});

test('a timer’s run, which sees to many orders, stands with each of them without what it did to others', () => {
  const causes = createCauses();
  const timeline = createTimeline(now, { causes });
  const run = causes.open({ startsChain: true, isOfMany: true });
  timeline.add({ what: 'timer.fired', subject: 'closeStaleOrders', key: run.key });
  causes.within(run, () => {
    const call = causes.open();
    causes.within(call, () => {
      timeline.add({ what: 'wechatpay.query', subject: 'T1' });
      timeline.add({ what: 'wechatpay.query', subject: 'T2' });
    });
    // A call is recorded when it ends.
    timeline.add({ what: 'function.call', subject: 'closeStaleOrders', key: call.key });
  });
  timeline.add({ what: 'timer.fired', subject: 'cleanDedup', key: 'another' });
  const found = [{ what: 'timer.fired' }, { subject: 'T1' }, { what: 'function.call' }];
  expect(timeline.select({ order: 'T1', limit: 10 })).toMatchObject(found);
  // What a filter hides is asked for apart.
  const hidden = timeline.select({ order: 'T1', actors: ['wechat'], limit: 10, causes: 'only' });
  expect(hidden).toMatchObject([{ what: 'timer.fired' }, { what: 'function.call' }]);
});

test('a part is selected by actor, kind, words and place; the newest of it first to be kept', () => {
  const timeline = createTimeline(now);
  timeline.add({ what: 'wechatpay.notify', subject: 'T1', detail: { status: 200 } });
  timeline.add({ what: 'wechatpay.query', subject: 'T1', detail: { fault: 'slow' } });
  timeline.add({ what: 'cloudbase.modifyDocument', subject: 'orders/T1' });
  timeline.add({ what: 'cloudbase.invokeFunction', subject: 'fulfilOrder' });
  timeline.add({ what: 'timer.fired', subject: 'closeStaleOrders' });
  timeline.add({ what: 'clock.moved' });
  const ids = (part: object) => timeline.select({ limit: 10, ...part }).map(({ id }) => id);
  expect(ids({ actors: ['wechat', 'timer'] })).toEqual([1, 2, 5]);
  expect(ids({ kind: 'notification' })).toEqual([1]);
  expect(ids({ kind: 'fault' })).toEqual([2]);
  expect(ids({ kind: 'write' })).toEqual([3]);
  expect(ids({ kind: 'timer' })).toEqual([5]);
  expect(ids({ text: 'FULFIL' })).toEqual([4]);
  expect(ids({ limit: 2 })).toEqual([5, 6]);
  expect(ids({ beforeId: 3 })).toEqual([1, 2]);
  expect(ids({ afterId: 4 })).toEqual([5, 6]);
});
