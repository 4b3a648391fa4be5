import { expect, test } from 'vitest';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { createBreaker } from './breaker.ts';
import type { Processed } from './tally.ts';

const failure = (error: GatewayError | StoreError | TypeError): Processed => {
  const code = error instanceof TypeError ? 'INTERNAL_ERROR' : error.code;
  return { kind: 'failure', code, error };
};
const unreachable = failure(new GatewayError('WECHAT_UNREACHABLE', 'same_request', 'x'));
const away = failure(new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'));
const outcome = (name: string): Processed => ({ kind: 'outcome', outcome: name });
const times = (count: number, each: Processed): Processed[] => Array(count).fill(each);

/** Lists what became of the orders of a run, and why the rest of it waits for the next minute. */
test.each<[string, Processed[], string | undefined]>([
  ['nothing has failed', [], undefined],
  ['WeChat failed 19 times', times(19, unreachable), undefined],
  ['WeChat failed 20 times', times(20, unreachable), 'wechat WECHAT_UNREACHABLE'],
  ['the database failed 19 times', times(19, away), undefined],
  ['the database failed 20 times', times(20, away), 'database STORE_UNAVAILABLE'],
  ['each failed 19 times', [...times(19, unreachable), ...times(19, away)], undefined],
  [
    'WeChat answered between the failures',
    [...times(19, unreachable), outcome('unpaid'), ...times(19, unreachable)],
    undefined,
  ],
  [
    'the database answered between the failures',
    [...times(19, away), outcome('no_order'), ...times(19, away)],
    undefined,
  ],
  ...['leased_by_another', 'no_order', 'nothing_due'].map((name): [string, Processed[], string] => [
    `${name} tells nothing of WeChat`,
    [...times(19, unreachable), outcome(name), unreachable],
    'wechat WECHAT_UNREACHABLE',
  ]),
  [
    'the first outage is the reason, whatever fails later',
    [...times(20, away), ...times(20, unreachable)],
    'database STORE_UNAVAILABLE',
  ],
  [
    'orders fail for reasons of their own',
    [
      ...times(99, failure(new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'x'))),
      ...times(99, failure(new StoreError('DOCUMENT_UNREADABLE', 'never', 'x'))),
      ...times(99, failure(new TypeError('x'))),
    ],
    undefined,
  ],
])('%s', (_what, processed, reason) => {
  const breaker = createBreaker();
  for (const each of processed) breaker.note(each);
  expect(breaker.stoppedBy()).toBe(reason);
});

test('the first reason to stop stays', () => {
  const breaker = createBreaker();
  breaker.stop('due');
  breaker.stop('later');
  for (const each of times(20, away)) breaker.note(each);
  expect(breaker.stoppedBy()).toBe('due');
});
