import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFunctions } from '../../infra/build/build.ts';
import { createTimeline } from '../world/timeline.ts';
import { followCalls } from './functionLog.ts';
import { createShowSource } from './sourcePlaces.ts';

const root = mkdtempSync(join(tmpdir(), 'function-log-'));

/** Writes one call as the terminal shows it. */
function shown(detail: object): string {
  const timeline = createTimeline(() => new Date('2026-11-25T02:00:01Z'));
  let text = '';
  followCalls(timeline, createShowSource(root), (line) => {
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

test('a stack points into the source', async () => {
  const folder = join(root, 'functions', 'queryOrder');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const source = "\n\nexport const main = async () => {\n  throw new Error('broken');\n};\n";
  writeFileSync(join(folder, 'index.ts'), source);
  const [built] = await buildFunctions(root, { names: ['queryOrder'] });
  const { main } = createRequire(import.meta.url)(built?.file ?? '') as { main(): Promise<void> };
  const stack = await main().catch((error: Error) => error.stack ?? '');
  const log = String(stack).split('\n');
  expect(shown({ ms: 1, invoker: 'client', log })).toContain('functions/queryOrder/index.ts:4:9');
  const unmapped = shown({ ms: 1, invoker: 'client', log: ['    at /var/index.js:999:1'] });
  expect(unmapped).toContain('index');
});
