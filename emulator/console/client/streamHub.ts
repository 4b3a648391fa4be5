import type { Entry } from './entry.ts';

/** A word from the stream to a tab. */
export type StreamWord =
  | { kind: 'entries'; entries: Entry[] }
  /** All that was known is no more: the world was emptied, or another run of the local cloud answers. */
  | { kind: 'cleared' }
  | { kind: 'link'; isUp: boolean };

/** The one stream of all tabs, and what it has brought so far. */
export interface StreamHub {
  /** The words by which a tab that comes later catches up. */
  past(): StreamWord[];
}

const KEPT_MAX = 2000;
const AGAIN_AFTER_MS = 1000;
/** Entries that come together are sent together: a tab that begins gets thousands, and draws itself once. */
const SENT_AFTER_MS = 30;

/** Follows the timeline over one connection, and takes it up again where it broke. */
export function createStreamHub(broadcast: (word: StreamWord) => void): StreamHub {
  let entries: Entry[] = [];
  let run: string | undefined;
  let isUp = false;
  const fresh = createBatch((batch) => broadcast({ kind: 'entries', entries: batch }));
  const clear = () => {
    entries = [];
    fresh.drop();
    broadcast({ kind: 'cleared' });
  };
  const link = (next: 'up' | 'down') => {
    const isNow = next === 'up';
    if (isNow !== isUp) broadcast({ kind: 'link', isUp: isNow });
    isUp = isNow;
  };
  const open = () => {
    const search = new URLSearchParams({ after: String(entries.at(-1)?.id ?? 0) });
    if (run !== undefined) search.set('run', run);
    const source = new EventSource(`/_local/events?${search}`);
    source.addEventListener('run', ({ data }) => {
      if (run !== undefined && run !== data) clear();
      run = data;
      link('up');
    });
    source.addEventListener('cleared', clear);
    source.addEventListener('message', ({ data }) => {
      const entry = JSON.parse(data) as Entry;
      entries.push(entry);
      if (entries.length > KEPT_MAX * 1.5) entries = entries.slice(-KEPT_MAX);
      fresh.add(entry);
    });
    source.addEventListener('error', () => {
      source.close();
      link('down');
      setTimeout(open, AGAIN_AFTER_MS);
    });
  };
  open();
  return {
    past: () => {
      // Whoever comes now gets these with all before.
      fresh.send();
      return [
        { kind: 'link', isUp },
        { kind: 'entries', entries },
      ];
    },
  };
}

/** Gathers entries for a moment, and sends them at once. */
function createBatch(sendAll: (entries: Entry[]) => void) {
  let waiting: Entry[] = [];
  const send = () => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) sendAll(batch);
  };
  return {
    add: (entry: Entry) => {
      if (waiting.length === 0) setTimeout(send, SENT_AFTER_MS);
      waiting.push(entry);
    },
    send,
    drop: () => {
      waiting = [];
    },
  };
}
