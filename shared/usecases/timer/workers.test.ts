import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus } from '../../../tests/support/orders.ts';
import { anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import type { CloseStaleOrdersAnswer } from '../../contract/timer/closeStaleOrders.ts';
import { isInShard } from './shard.ts';
import { shareOut, startWorkers } from './workers.ts';

const { paying } = ordersByState;
const none: CloseStaleOrdersAnswer = { counts: {}, more: false };

/** Orders that fall due after so many seconds, and the workers that a run with one place needs. */
test.each<[string, number, number, number, number]>([
  ['nothing is due', 0, 0, 0, 0],
  ['one order is due', 1, 0, 0, 1],
  ['as many as one worker checks', 100, 0, 0, 1],
  ['one more', 101, 0, 0, 2],
  ['all fall due until the end of the run', 101, 0, 45, 2],
  ['they fall due later', 101, 0, 45.001, 0],
  ['more than all workers can check', 2000, 0, 0, 8],
  ['cloud pay has them, which a worker could not ask', 0, 300, 0, 1],
  ['cloud pay has some', 101, 300, 0, 2],
])('%s: so many share them', async (_what, apiV3, cloudPay, afterS, workers) => {
  const world = memoryDeps();
  for (const [link, count] of Object.entries({ apiV3, cloudPay }) as ['apiV3', number][]) {
    for (let i = 0; i < count; i += 1) {
      await storeOrder(world, { ...paying, link, outTradeNo: `${link}${i}` }, plus(afterS));
    }
  }
  expect(await shareOut(world.deps, 1)).toEqual({ workers, oldestDueMs: 0 });
});

// FNV-1a of the number, folded and divided by eight: code of another version has to agree.
test('each order belongs to one worker, the same one in each run', () => {
  const numbers = [
    'T20261124001',
    'T20261124002',
    'T20261124003',
    'T20261124010',
    'ORDER-1',
    'ORDER-2',
  ];
  const owners = numbers.map((outTradeNo) => {
    const due = { outTradeNo, at: placedAt, link: 'apiV3' } as const;
    return [0, 1, 2, 3, 4, 5, 6, 7].filter((index) => isInShard(due, { index, of: 8 }));
  });
  expect(owners).toEqual([[6], [7], [0], [2], [6], [6]]);
});

async function joined(answers: (unknown | Error)[], own: CloseStaleOrdersAnswer) {
  const world = memoryDeps();
  const asked: [unknown, number][] = [];
  world.deps.callSelf = async (data, timeoutMs) => {
    asked.push([data, timeoutMs]);
    const answer = answers[asked.length - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const invocation = anInvocation({ kind: 'timer', source: 'timer' });
  const all = await startWorkers(answers.length + 1, world.deps, invocation).join(own);
  return { all, asked, invocation };
}

test('a run that needs no other worker starts none, and its line says nothing of them', async () => {
  const own = { counts: { unpaid: 3 }, more: false };
  const { all, asked, invocation } = await joined([], own);
  expect([all, asked, invocation.fields]).toEqual([own, [], {}]);
});

test('the workers end a second before the run, which adds up what they did', async () => {
  const { all, asked, invocation } = await joined(
    [
      { counts: { unpaid: 2, closed: 1 }, more: false },
      { counts: { paid: 1 }, more: false },
    ],
    { counts: { unpaid: 3 }, more: false },
  );
  expect(all).toEqual({ counts: { unpaid: 5, closed: 1, paid: 1 }, more: false });
  const untilMs = placedAt.getTime() + 19_000;
  expect(asked).toEqual([
    [{ Type: 'Shard', index: 1, of: 3, untilMs }, 19_000],
    [{ Type: 'Shard', index: 2, of: 3, untilMs }, 19_000],
  ]);
  expect(invocation.fields).toEqual({ workers: 3 });
  expect(invocation.lines).toEqual([]);
});

test.each<[string, unknown, boolean, string | undefined]>([
  ['that is done', { counts: {}, more: false }, false, undefined],
  ['that has more', { counts: {}, more: true }, true, undefined],
  ['that does not say', { counts: {} }, false, undefined],
  [
    'that refuses',
    { errCode: 'CALLER_REFUSED' },
    true,
    'WORKER_FAILED {"errCode":"CALLER_REFUSED"}',
  ],
  ['that is not reached', new Error('timeout'), true, 'WORKER_FAILED Error: timeout'],
  [
    'that fails at length',
    new Error('x'.repeat(600)),
    true,
    `WORKER_FAILED Error: ${'x'.repeat(479)}`,
  ],
  [
    'that answers at length',
    { x: 'x'.repeat(600) },
    true,
    `WORKER_FAILED {"x":"${'x'.repeat(480)}`,
  ],
])('a worker %s: what it left is known', async (_what, answer, more, error) => {
  const { all, invocation } = await joined([answer], none);
  expect(all).toEqual({ counts: {}, more });
  expect(invocation.lines).toEqual(error === undefined ? [] : [{ level: 'warn', error }]);
});

test('what the run itself left is left, whatever its workers did', async () => {
  const { all } = await joined([none], { counts: {}, more: true });
  expect(all.more).toBe(true);
});
