import type { RowWindow } from '../../parts/rows/rowWindow.ts';

/** Every row is as high as this; style/orders.css has no say in it. */
export const ROW_PX = 60;

/** Rows are asked for by pages of so many. */
export const PAGE_ROWS = 100;

/** Lists the pages that hold the rows of a window. */
export function pagesIn({ from, to }: RowWindow): number[] {
  if (to <= from) return [];
  const first = Math.floor(from / PAGE_ROWS);
  const last = Math.floor((to - 1) / PAGE_ROWS);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Lists the rows of one page that are in a window. */
export function rowsOfPage(page: number, { from, to }: RowWindow): number[] {
  const first = Math.max(from, page * PAGE_ROWS);
  const end = Math.min(to, (page + 1) * PAGE_ROWS);
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
