import { expect, test } from 'vitest';
import { createTimeline } from '../world/timeline/timeline.ts';
import { followCalls } from './functionLog.ts';

/** Writes one call as the terminal shows it. */
function shown(detail: object): string {
  const timeline = createTimeline(() => new Date('2026-11-25T02:00:01Z'));
  let text = '';
  followCalls(timeline, (line) => {
    text += line;
  });
  timeline.add({ what: 'cloudbase.modifyDocument', subject: 'orders' });
  timeline.add({ what: 'function.call', subject: 'queryOrder', detail: { ...detail } });
  return text;
}
const ours = (fields: object) =>
  JSON.stringify({ level: 'info', function: 'queryOrder', requestId: 'r-1', ...fields });

test('a call is one line: when, who, how long, and of which order', () => {
  const log = [ours({ outTradeNo: 'COFFEE1', errCode: 0 })];
  expect(shown({ ms: 12.4, invoker: 'client', log })).toBe(
    '  10:00:01 queryOrder  12 ms  ✔ COFFEE1\n',
  );
});

test('what a function prints and throws is there, whole', () => {
  const stack = ['TypeError: x is not a function', '    at main (index.js:1:2)'];
  const error = { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'TypeError: x is not a function' };
  const text = shown({ ms: 3, invoker: 'client', error, log: ['hello { a: 1 }', ...stack] });
  expect(text).toContain('✘ FUNCTIONS_EXECUTE_FAIL TypeError');
  for (const line of ['hello { a: 1 }', ...stack]) expect(text).toContain(line);
});

test('a refusal has its code, and a line that warns its facts', () => {
  const warning = ours({ level: 'warn', outcome: 'signature_wrong', traceId: 't' });
  const text = shown({
    ms: 3,
    invoker: 'other',
    log: [warning, ours({ errCode: 'ORDER_UNKNOWN' })],
  });
  expect(text).toContain('✘ ORDER_UNKNOWN');
  expect(text).toContain('level=warn outcome=signature_wrong');
});

test('a timer that has nothing to say is quiet, one that has is not', () => {
  expect(shown({ ms: 3, invoker: 'timer', log: [ours({})] })).toBe('');
  expect(shown({ ms: 3, invoker: 'timer', log: ['look here'] })).toContain('look here');
});
