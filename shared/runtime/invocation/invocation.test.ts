import { expect, test } from 'vitest';
import { beginInvocation, type ScfContext } from './invocation.ts';

/** Begins an invocation at a monotonic time that the test moves. */
function begin(context: ScfContext, form: 'call' | 'http' | 'timer' = 'call') {
  let nowMs = 70_000;
  const lines: object[] = [];
  const printLine = (fields: object) => lines.push(fields);
  const invocation = beginInvocation(context, form, { monotonicMs: () => nowMs, printLine });
  return {
    invocation,
    lines,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}
const granted = (ms: unknown): ScfContext => ({ getRemainingTimeInMillis: () => ms });

test.each(['call', 'http', 'timer'] as const)('the time that is left falls: %s', (form) => {
  const { invocation, pass } = begin(granted(4000), form);
  const left = [];
  for (const ms of [0, 1, 999, 3000, 500]) {
    pass(ms);
    left.push([invocation.remainingMs(), invocation.getRemainingTimeInMillis()]);
  }
  expect(left).toEqual([4000, 3999, 3000, 0, -500].map((ms) => [ms, ms]));
});

test('the platform is asked for the time once: its own answer is not trusted to fall', () => {
  let calls = 0;
  const getRemainingTimeInMillis = () => {
    calls += 1;
    return 20_000;
  };
  const { invocation, pass } = begin({ getRemainingTimeInMillis });
  pass(15_000);
  expect([invocation.remainingMs(), calls]).toEqual([5000, 1]);
});

test.each([
  ['call', 55_000, 55_000],
  ['timer', 55_000, 55_000],
  ['http', 55_000, 4500],
  ['http', 4500, 4500],
  ['http', 3000, 3000],
] as const)('%s with %i ms has %i: WeChat waits 5 s for a callback', (form, ms, expected) => {
  expect(begin(granted(ms), form).invocation.remainingMs()).toBe(expected);
});

test.each([undefined, null, '20000', Number.NaN, Number.POSITIVE_INFINITY])(
  'a platform that says %s has granted its default of 3 s',
  (ms) => {
    expect(begin(granted(ms)).invocation.remainingMs()).toBe(3000);
  },
);

test('a platform that says nothing has granted 3 s', () => {
  for (const context of [{}, { getRemainingTimeInMillis: 20_000 }]) {
    expect(begin(context).invocation.remainingMs()).toBe(3000);
  }
});

test('the answer does not wait for open handles', () => {
  const context: ScfContext = { callbackWaitsForEmptyEventLoop: true };
  begin(context);
  expect(context.callbackWaitsForEmptyEventLoop).toBe(false);
});

test('what is logged later stands over what was logged before, and starts empty', () => {
  const { invocation } = begin({});
  expect(invocation.fields).toEqual({});
  invocation.log.add({ level: 'warn', outcome: 'paid' });
  invocation.log.add({ outcome: 'closed' });
  expect(invocation.fields).toEqual({ level: 'warn', outcome: 'closed' });
});

test('a line of its own is printed at once, with the request’s id, and adds nothing to the other', () => {
  const { invocation, lines } = begin({ request_id: 'r1' });
  invocation.log.line({ event: 'order.paid', outTradeNo: 'A' });
  invocation.log.line({ event: 'order.closed', outTradeNo: 'B' });
  expect(lines).toEqual([
    { requestId: 'r1', event: 'order.paid', outTradeNo: 'A' },
    { requestId: 'r1', event: 'order.closed', outTradeNo: 'B' },
  ]);
  expect(invocation.fields).toEqual({});
});
