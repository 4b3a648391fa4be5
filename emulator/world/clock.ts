/** Virtual time: real time plus an offset. It ticks, and jumps only where the agenda moves it. */
export interface Clock {
  /** The present of the local cloud, in milliseconds since the epoch. */
  nowMs(): number;
  now(): Date;
  /** Functions, signatures and documents add this to real time. */
  offsetMs(): number;
  /** Moves the present forward to `atMs`; an earlier instant is ignored, time never runs back. */
  jumpTo(atMs: number): void;
  /** Puts the present where another world left it, earlier or later; for a world that is loaded. */
  set(atMs: number): void;
}

/** Builds the clock over a real one; `offsetMs` is where an earlier run left it. */
export function createClock(
  realMs: () => number,
  offsetMs = 0,
  onJump: (offsetMs: number) => void = () => {},
): Clock {
  let offset = offsetMs;
  const nowMs = () => realMs() + offset;
  const set = (atMs: number) => {
    offset = atMs - realMs();
    onJump(offset);
  };
  return {
    nowMs,
    now: () => new Date(nowMs()),
    offsetMs: () => offset,
    jumpTo: (atMs) => {
      if (atMs > nowMs()) set(atMs);
    },
    set,
  };
}
