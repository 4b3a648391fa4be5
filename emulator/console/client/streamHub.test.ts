import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStreamHub, type StreamWord } from './streamHub.ts';

/** The connection of the hub, as a test speaks through it. */
let source: EventTarget;
const say = (type: string, data: unknown) =>
  source.dispatchEvent(
    new MessageEvent(type, { data: typeof data === 'string' ? data : JSON.stringify(data) }),
  );
const entry = (id: number) => ({ id, at: '', what: 'function.call' });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      constructor() {
        super();
        source = this;
      }
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('two thousand entries that come together are sent in one word', () => {
  const words: StreamWord[] = [];
  createStreamHub((word) => words.push(word));
  say('run', 'A');
  for (let id = 1; id <= 2000; id += 1) say('message', entry(id));
  vi.runAllTimers();
  expect(words.map(({ kind }) => kind)).toEqual(['link', 'entries']);
  expect(words[1]).toMatchObject({ entries: { length: 2000 } });
});

test('a tab that comes gets each entry once, and the others get first what waited', () => {
  const words: StreamWord[] = [];
  const hub = createStreamHub((word) => words.push(word));
  say('run', 'A');
  say('message', entry(1));
  const past = hub.past();
  vi.runAllTimers();
  expect(past[1]).toMatchObject({ entries: [{ id: 1 }] });
  expect(words.filter(({ kind }) => kind === 'entries')).toHaveLength(1);
});

test('what waits when the world is emptied is sent to nobody', () => {
  const words: StreamWord[] = [];
  createStreamHub((word) => words.push(word));
  say('run', 'A');
  say('message', entry(1));
  say('cleared', {});
  say('message', entry(2));
  vi.runAllTimers();
  expect(words.slice(1)).toEqual([{ kind: 'cleared' }, { kind: 'entries', entries: [entry(2)] }]);
});
