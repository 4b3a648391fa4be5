import { useEffect, useState } from 'react';
import type { AnswerOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

type Clock = AnswerOf<'GET /_local/clock'>;

/** Uses the local cloud's clock as it was read last. */
export function useClock(): Resource<Clock> {
  return useResource('clock', () => ask('GET /_local/clock'));
}

/** Uses the virtual present, which ticks; undefined until it is known. */
export function useNow(): number | undefined {
  const { data } = useClock();
  const [realMs, setRealMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setRealMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return data && realMs + data.offsetMs;
}

/** Moves time by a duration, as `PT6M`. */
export function advance(by: string): Promise<Clock> {
  return ask('POST /_local/clock', { body: { advance: by } });
}

/** Moves time to an instant; each timer runs once at the end, not every minute of the way. */
export function moveTo(to: string): Promise<Clock> {
  return ask('POST /_local/clock', { body: { to } });
}

/** Moves time to the next run of a timer, which runs. */
export function moveToTimer(to: string): Promise<Clock> {
  return ask('POST /_local/clock', { body: { to, timers: 'all' } });
}

const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

/** Finds ten o'clock of the next Beijing day, when yesterday's bill is there. */
export function tomorrowAtTen(nowMs: number): string {
  const day = Math.floor((nowMs + BEIJING_MS) / DAY_MS) + 1;
  return new Date(day * DAY_MS - BEIJING_MS + 10 * 3_600_000).toISOString();
}
