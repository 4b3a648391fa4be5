import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';

/** A long list has so many rows, each as high as every other. */
export interface LongList {
  count: number;
  rowPx: number;
}

/** Where a list is scrolled to, and how much of it can be seen. */
export interface Sight {
  topPx: number;
  heightPx: number;
}

/** The rows that are to be there: `from` up to, and without, `to`. */
export interface RowWindow {
  from: number;
  to: number;
}

const BESIDE_PX = 480;

/** Finds the rows that can be seen, and a few before and after them. */
export function windowAt({ topPx, heightPx }: Sight, { count, rowPx }: LongList): RowWindow {
  const first = Math.floor((topPx - BESIDE_PX) / rowPx);
  const last = Math.ceil((topPx + heightPx + BESIDE_PX) / rowPx);
  return { from: Math.max(0, Math.min(first, count)), to: Math.min(last, count) };
}

/** Until the list is there it may be as high as a large screen. */
const BEGINNING: Sight = { topPx: 0, heightPx: 1400 };

/** Uses the part of a long list that is in sight; it changes with whole rows alone. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, list: LongList): RowWindow {
  const [sight, setSight] = useState(BEGINNING);
  const { rowPx } = list;
  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const topPx = Math.floor(element.scrollTop / rowPx) * rowPx;
    const heightPx = Math.ceil(element.clientHeight / rowPx) * rowPx;
    setSight((before) =>
      before.topPx === topPx && before.heightPx === heightPx ? before : { topPx, heightPx },
    );
  }, [scroller, rowPx]);
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
  return windowAt(sight, list);
}
