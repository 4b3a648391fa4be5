import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { LongList } from './rowWindow.ts';

/**
 * Keeps a list at its end while somebody is there, and what is read in sight while older rows come before it or are
 * forgotten; `firstPlace` says how the first one moves.
 */
export function useFollowedEnd(
  scroller: RefObject<HTMLElement | null>,
  { firstPlace, count, rowPx }: LongList & { firstPlace: number },
): void {
  const isAtEnd = useRef('yes');
  const seen = useRef(firstPlace);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const note = () => {
      const rest = element.scrollHeight - element.clientHeight - element.scrollTop;
      isAtEnd.current = rest < rowPx * 2 ? 'yes' : 'no';
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller, rowPx]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = seen.current;
    seen.current = firstPlace;
    if (!element) return;
    if (isAtEnd.current === 'yes') element.scrollTop = count * rowPx;
    else if (firstPlace !== before) element.scrollTop += (before - firstPlace) * rowPx;
  }, [scroller, firstPlace, count, rowPx]);
}
