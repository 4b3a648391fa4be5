import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** The rows of a long list that are in sight, and some beside them. */
export interface RowWindow {
  from: number;
  to: number;
}

const BESIDE = 12;

/** Uses the part of a long list that is in sight; every row has the same height. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight }: { count: number; rowHeight: number },
): RowWindow {
  const [sight, setSight] = useState({ first: 0, rows: 40 });
  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const first = Math.floor(element.scrollTop / rowHeight);
    const rows = Math.ceil(element.clientHeight / rowHeight);
    setSight((before) =>
      before.first === first && before.rows === rows ? before : { first, rows },
    );
  }, [scroller, rowHeight]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [scroller, look]);
  const from = Math.max(0, Math.min(sight.first, count) - BESIDE);
  return { from, to: Math.min(count, sight.first + sight.rows + BESIDE) };
}

/** Keeps a list at its end while somebody is there, and what is read in sight while older rows come before it. */
export function useFollowedEnd(
  scroller: RefObject<HTMLElement | null>,
  { first, count, rowHeight }: { first: number | undefined; count: number; rowHeight: number },
): void {
  const isAtEnd = useRef('yes');
  const seen = useRef({ first, count });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const note = () => {
      const rest = element.scrollHeight - element.clientHeight - element.scrollTop;
      isAtEnd.current = rest < rowHeight * 2 ? 'yes' : 'no';
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller, rowHeight]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = seen.current;
    seen.current = { first, count };
    if (!element) return;
    if (isAtEnd.current === 'yes') element.scrollTop = element.scrollHeight;
    else if (before.first !== undefined && first !== before.first && count > before.count)
      element.scrollTop += (count - before.count) * rowHeight;
  }, [scroller, first, count, rowHeight]);
}
