import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowAt } from '../../parts/rows/rowWindow.ts';
import { pagesIn, ROW_PX, rowsOfPage } from './window.ts';

test('every row that can be seen is there once, and never many more, however a table is scrolled', () => {
  const scroll = fc.record({ topPx: fc.nat(700_000), heightPx: fc.integer({ min: 1, max: 2000 }) });
  fc.assert(
    fc.property(scroll, fc.nat(12_000), (at, total) => {
      const seen = windowAt(at, { count: total, rowPx: ROW_PX });
      const rows = pagesIn(seen).flatMap((page) => rowsOfPage(page, seen));
      const first = Math.floor(at.topPx / ROW_PX);
      const last = Math.min(total - 1, Math.floor((at.topPx + at.heightPx - 1) / ROW_PX));
      for (let row = first; row <= last; row += 1) expect(rows).toContain(row);
      expect(new Set(rows).size).toBe(rows.length);
      expect(rows.length).toBeLessThan(at.heightPx / ROW_PX + 20);
    }),
  );
});
