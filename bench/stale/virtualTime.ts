import type { Clock } from '../../shared/ports/clock.ts';

interface Waiting {
  atMs: number;
  go(): void;
}

/** A clock whose time passes only by waiting: it jumps to the next instant at which somebody goes on. */
export interface VirtualTime extends Clock {
  nowMs(): number;
  /** Goes on until an instant, in the order of time; whatever is due at one instant goes on together. */
  runUntil(untilMs: number): Promise<void>;
}

/** Makes a virtual clock that begins at an instant. */
export function createVirtualTime(beginMs: number): VirtualTime {
  const heap: Waiting[] = [];
  let nowMs = beginMs;
  const clock: Clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    wait: (ms) => new Promise((go) => push(heap, { atMs: nowMs + Math.max(0, Math.ceil(ms)), go })),
  };
  return {
    ...clock,
    nowMs: () => nowMs,
    runUntil: async (untilMs) => {
      for (let next = heap[0]; next && next.atMs <= untilMs; next = heap[0]) {
        nowMs = next.atMs;
        while (heap[0]?.atMs === nowMs) pop(heap)?.go();
        // Every promise that can go on without time does so first.
        await new Promise((resolve) => setImmediate(resolve));
      }
      nowMs = untilMs;
    },
  };
}

function push(heap: Waiting[], item: Waiting): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Waiting;
    if (parent.atMs <= item.atMs) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(heap: Waiting[]): Waiting | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const isRight =
      right < heap.length && (heap[right] as Waiting).atMs < (heap[left] as Waiting).atMs;
    const below = isRight ? right : left;
    if (below >= heap.length || (heap[below] as Waiting).atMs >= last.atMs) break;
    heap[at] = heap[below] as Waiting;
    at = below;
  }
  heap[at] = last;
  return first;
}
