import { expect, test } from 'vitest';
import { createFaults, type Fault } from './faults.ts';

const slow: Fault = { at: 'wechatpay.query', kind: 'slow', delayMs: 5 };
const lost: Fault = { at: 'wechatpay.query', kind: 'lost_request' };

test('a fault that does not happen this time hides no other one at its place', () => {
  const faults = createFaults(() => 0.5);
  faults.set([{ ...slow, probability: 0.4 }, lost]);
  expect(faults.take('wechatpay.query')).toEqual(lost);
});

test('what is counted off and what was taken add up, and a used-up fault is passed over', () => {
  const faults = createFaults(() => 0);
  faults.set([{ ...slow, times: 2 }, lost]);
  const kinds = [1, 2, 3].map(() => faults.take('wechatpay.query')?.kind);
  expect(kinds).toEqual(['slow', 'slow', 'lost_request']);
  expect(faults.list()).toEqual([
    { ...slow, times: 0, taken: 2 },
    { ...lost, taken: 1 },
  ]);
});

test('faults are switched on and off beside others, whose counts go on', () => {
  const faults = createFaults(() => 0);
  faults.set([{ ...slow, times: 2 }]);
  faults.take('wechatpay.query');
  faults.switchOn([lost]);
  expect(faults.list()).toEqual([
    { ...slow, times: 1, taken: 1 },
    { ...lost, taken: 0 },
  ]);
  faults.switchOn([{ ...slow, times: 5 }]);
  expect(faults.list()).toEqual([
    { ...lost, taken: 0 },
    { ...slow, times: 5, taken: 0 },
  ]);
  faults.switchOff([slow]);
  expect(faults.list()).toEqual([{ ...lost, taken: 0 }]);
});

test('a list that was read can be written again: its counts go on', () => {
  const faults = createFaults(() => 0);
  faults.set([{ ...slow, times: 2 }]);
  faults.take('wechatpay.query');
  faults.set(faults.list());
  expect(faults.list()).toEqual([{ ...slow, times: 1, taken: 1 }]);
});
