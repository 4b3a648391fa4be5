import type { Timeline } from '../../world/timeline/timeline.ts';
import { receiptOf, type StoredOrder } from './stored.ts';

/** Finds the function that recorded a payment, as long as the timeline has its write and its call. */
export function confirmingFunction(
  timeline: Pick<Timeline, 'select'>,
  stored: StoredOrder,
): string | undefined {
  const confirmedMs = receiptOf(stored)?.confirmedAt.getTime();
  if (confirmedMs === undefined) return undefined;
  const subject = `orders/${stored._id}`;
  const writes = timeline.select({ order: stored._id, kind: 'write', limit: 1000 });
  const write = writes.find(
    (each) => each.subject === subject && Date.parse(each.at) >= confirmedMs,
  );
  if (write?.cause === undefined) return undefined;
  const calls = timeline.select({ afterId: write.id, actors: ['function'], limit: 100_000 });
  return calls.find(({ key }) => key === write.cause)?.subject;
}
