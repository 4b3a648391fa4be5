import type { QueryOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { eventStream } from '../events.ts';
import { maskedMessage, maskedText } from '../mask.ts';
import { type Route, route } from '../route.ts';

const LIMIT = 2000;
const LIMIT_MAX = 10_000;

/** Lists the routes about what happened. */
export function timelineRoutes({ world: { timeline } }: ControlDeps): Route[] {
  return [
    route('GET /_local/events', ({ query, request }) => {
      const afterId = Number(query.after ?? request.headers.get('last-event-id') ?? 0);
      const wantsList = (request.headers.get('accept') ?? '').includes('application/json');
      if (wantsList) return timeline.select({ ...selectionOf(query), afterId });
      return eventStream(timeline, { afterId, run: query.run }, request.signal);
    }),
    route('GET /_local/events/{id}', ({ path, query }) => {
      const id = Number(path.id);
      const entry = timeline.entry(id) ?? notFound('id');
      const { sent, answered, log } = timeline.exchange(id) ?? {};
      const isMasked = query.reveal === undefined;
      const shown = isMasked ? maskedMessage : <T>(message: T) => message;
      return {
        entry,
        orders: timeline.ordersOf(id),
        isMasked,
        ...(sent && { sent: shown(sent) }),
        ...(answered && { answered: shown(answered) }),
        ...(log && { log: log.map((line) => (isMasked ? maskedText(line) : line)) }),
      };
    }),
  ];
}

function selectionOf({ before, limit, actor, kind, order, text }: QueryOf<'GET /_local/events'>) {
  const asked = Number(limit ?? LIMIT);
  return {
    limit: Math.min(LIMIT_MAX, Math.max(1, Number.isInteger(asked) ? asked : LIMIT)),
    beforeId: before === undefined ? undefined : Number(before),
    actors: actor?.split(',').filter(Boolean),
    kind,
    order: order || undefined,
    text: text || undefined,
  };
}
