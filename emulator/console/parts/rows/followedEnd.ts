import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { LongList } from './rowWindow.ts';

/** Keeps a list at its end while somebody is there, and what is read in sight while older rows come before it. */
export function useFollowedEnd(
  scroller: RefObject<HTMLElement | null>,
  { first, count, rowPx }: LongList & { first: number | undefined },
): void {
  const isAtEnd = useRef('yes');
  const seen = useRef({ first, count });
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
    seen.current = { first, count };
    if (!element) return;
    if (isAtEnd.current === 'yes') element.scrollTop = element.scrollHeight;
    else if (before.first !== undefined && first !== before.first && count > before.count)
      element.scrollTop += (count - before.count) * rowPx;
  }, [scroller, first, count, rowPx]);
}
