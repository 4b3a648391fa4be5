import type { AnswerOf } from '../../control/api/controlApi.ts';

/** One entry of the timeline. */
export type Entry = AnswerOf<'GET /_local/events'>[number];

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

/** Follows the timeline over one connection, and takes it up again where it broke. */
export function createStreamHub(broadcast: (word: StreamWord) => void): StreamHub {
  let entries: Entry[] = [];
  let run: string | undefined;
  let isUp = false;
  const clear = () => {
    entries = [];
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
      broadcast({ kind: 'entries', entries: [entry] });
    });
    source.addEventListener('error', () => {
      source.close();
      link('down');
      setTimeout(open, AGAIN_AFTER_MS);
    });
  };
  open();
  return {
    past: () => [
      { kind: 'link', isUp },
      { kind: 'entries', entries },
    ],
  };
}
