import type { Entry } from './entry.ts';
import { createStreamHub, type StreamWord } from './streamHub.ts';

/** The timeline as this tab knows it. */
export interface Stream {
  entries: readonly Entry[];
  /** Whether the local cloud is there; undefined until it is known. */
  isUp: boolean | undefined;
}

let current: Stream = { entries: [], isUp: undefined };
const listeners = new Set<() => void>();
const ENTRIES_MAX = 3000;
const UNKNOWN_UNTIL_MS = 4000;

function take(word: StreamWord): void {
  if (word.kind === 'link') current = { ...current, isUp: word.isUp };
  else if (word.kind === 'cleared') current = { ...current, entries: [] };
  else if (word.entries.length > 0) {
    current = { ...current, entries: [...current.entries, ...word.entries].slice(-ENTRIES_MAX) };
  }
  for (const listener of listeners) listener();
}

/** Follows the timeline through the worker that all tabs share, or alone where the browser has none. */
export function followStream(workerPath: string): void {
  // Down may just be not yet up: a page that begins says nothing for a moment.
  const firstWord = (word: StreamWord) => {
    if (word.kind === 'link' && !word.isUp && current.isUp === undefined) return;
    take(word);
  };
  setTimeout(() => {
    if (current.isUp === undefined) take({ kind: 'link', isUp: false });
  }, UNKNOWN_UNTIL_MS);
  if (typeof SharedWorker === 'undefined') {
    createStreamHub(firstWord);
    return;
  }
  const connect = () => {
    const { port } = new SharedWorker(workerPath, { type: 'module' });
    port.addEventListener('message', ({ data }) => firstWord(data as StreamWord));
    port.start();
    addEventListener('pagehide', () => port.postMessage('bye'), { once: true });
  };
  connect();
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    take({ kind: 'cleared' });
    connect();
  });
}

/** The timeline now, as React's external store has it. */
export const streamStore = {
  current: () => current,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
