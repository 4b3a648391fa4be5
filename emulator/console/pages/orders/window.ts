/** Every row is as high as this; style/orders.css has no say in it. */
export const ROW_PX = 60;

/** Rows are asked for by pages of so many. */
export const PAGE_ROWS = 100;
const MARGIN_ROWS = 8;

/** Where a table is scrolled to, and how much of it can be seen. */
export interface Scroll {
  topPx: number;
  heightPx: number;
}

/** The rows that are to be there: `from` up to, and without, `to`. */
export interface Window {
  from: number;
  to: number;
}

/** Finds the rows that can be seen, and a few before and after them. */
export function windowAt({ topPx, heightPx }: Scroll, total: number): Window {
  const first = Math.floor(topPx / ROW_PX) - MARGIN_ROWS;
  const last = Math.ceil((topPx + heightPx) / ROW_PX) + MARGIN_ROWS;
  return { from: Math.max(0, Math.min(first, total)), to: Math.min(last, total) };
}

/** Lists the pages that hold the rows of a window. */
export function pagesIn({ from, to }: Window): number[] {
  if (to <= from) return [];
  const first = Math.floor(from / PAGE_ROWS);
  const last = Math.floor((to - 1) / PAGE_ROWS);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Lists the rows of one page that are in a window. */
export function rowsOfPage(page: number, { from, to }: Window): number[] {
  const first = Math.max(from, page * PAGE_ROWS);
  const end = Math.min(to, (page + 1) * PAGE_ROWS);
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
