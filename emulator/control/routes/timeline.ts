import { isDeepStrictEqual } from 'node:util';
import type { Exchange } from '../../world/timeline/exchanges.ts';
import type { QueryOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { eventStream } from '../events.ts';
import { maskedEntry, maskedExchange } from '../mask.ts';
import { type Route, route } from '../route.ts';

const LIMIT = 2000;
const LIMIT_MAX = 10_000;

/** Lists the routes about what happened. */
export function timelineRoutes({ world: { timeline }, mask }: ControlDeps): Route[] {
  return [
    route('GET /_local/events', ({ query, request }) => {
      const afterId = Number(query.after ?? request.headers.get('last-event-id') ?? 0);
      const wantsList = (request.headers.get('accept') ?? '').includes('application/json');
      if (wantsList) return timeline.select({ ...selectionOf(query), afterId }).map(maskedEntry);
      const reader = { signal: request.signal, mask };
      return eventStream(timeline, { afterId, run: query.run }, reader);
    }),
    route('GET /_local/events/{id}', ({ path, query }) => {
      const id = Number(path.id);
      const entry = timeline.entry(id) ?? notFound('id');
      const isRevealed = query.reveal !== undefined;
      return {
        entry: isRevealed ? entry : maskedEntry(entry),
        orders: timeline.ordersOf(id),
        ...shownExchange(timeline.exchange(id), isRevealed ? 'revealed' : 'masked'),
      };
    }),
  ];
}

const PARTS = ['sent', 'answered', 'log'] as const;

/** Takes the parts that are there, and says in which something is masked. */
function shownExchange(exchange: Exchange | undefined, how: 'masked' | 'revealed') {
  if (!exchange) return { masked: [] };
  const shown = how === 'masked' ? maskedExchange(exchange) : exchange;
  const { sent, answered, log } = shown;
  const { faults } = exchange;
  return {
    masked: PARTS.filter((part) => !isDeepStrictEqual(shown[part], exchange[part])),
    sent,
    ...(answered && { answered }),
    ...(log && { log: [...log] }),
    ...(faults && { faults: faults.map((fault) => ({ ...fault })) }),
  };
}

function selectionOf({
  before,
  limit,
  actor,
  kind,
  order,
  ...rest
}: QueryOf<'GET /_local/events'>) {
  return {
    limit: Math.min(LIMIT_MAX, Math.max(1, Number(limit ?? LIMIT))),
    beforeId: before === undefined ? undefined : Number(before),
    actors: actor?.split(',').filter(Boolean),
    kind,
    order: order || undefined,
    text: rest.text || undefined,
    causes: rest.causes,
  };
}
