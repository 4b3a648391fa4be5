import type { Entry, Timeline } from '../world/timeline.ts';

/** Streams the timeline as server-sent events, from the entry after `afterId` on. */
export function eventStream(timeline: Timeline, afterId: number, signal: AbortSignal): Response {
  let stop = () => {};
  const stream = new ReadableStream<string>({
    start: (controller) => {
      const send = (entry: Entry) => {
        controller.enqueue(`id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`);
      };
      // A first line at once: without it, no client would know that the stream is open.
      controller.enqueue(': timeline\n\n');
      for (const entry of timeline.recent(afterId)) send(entry);
      stop = timeline.follow(send);
      signal.addEventListener('abort', stop);
    },
    cancel: () => stop(),
  });
  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  });
}
