import { randomUUID } from 'node:crypto';
import type { Entry } from '../world/timeline/entry.ts';
import type { Timeline } from '../world/timeline/timeline.ts';
import { maskedEntry } from './mask.ts';

/** Names this run of the local cloud: ids of entries begin anew in each. */
const RUN = randomUUID();

/** A reader that begins is told so many; `before` brings the older ones. */
const PAST_MAX = 2000;

/** Where a reader of the timeline is: the last entry it has seen, and in which run. */
export interface Bookmark {
  afterId: number;
  run?: string | undefined;
}

/** Who reads the stream: until when, and what is hidden from them. */
export interface EventReader {
  signal: AbortSignal;
  mask(text: string): string;
}

/**
 * Streams the timeline as server-sent events, from the bookmark on; one of an earlier run begins anew. `run`
 * names this run, `cleared` says that the world was emptied.
 */
export function eventStream(
  timeline: Timeline,
  { afterId, run = RUN }: Bookmark,
  { signal, mask }: EventReader,
): Response {
  let stop = () => {};
  // Only functions print what nobody foresaw.
  const textOf = (entry: Entry) => {
    const text = JSON.stringify(maskedEntry(entry));
    return entry.what === 'function.call' ? mask(text) : text;
  };
  const stream = new ReadableStream<string>({
    start: (controller) => {
      const send = (entry: Entry) => {
        controller.enqueue(`id: ${entry.id}\ndata: ${textOf(entry)}\n\n`);
      };
      // At once: without it, no client would know that the stream is open.
      controller.enqueue(`event: run\ndata: ${RUN}\n\n`);
      for (const entry of timeline.recent(run === RUN ? afterId : 0, PAST_MAX)) send(entry);
      stop = timeline.follow(send, () => controller.enqueue('event: cleared\ndata: {}\n\n'));
      signal.addEventListener('abort', stop);
    },
    cancel: () => stop(),
  });
  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  });
}
