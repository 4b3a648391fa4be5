import { columnName } from './columns.ts';
import type { SummaryColumn } from './form.ts';
import { decimalCell, type ReadCell } from './line/cells.ts';
import type { Line } from './line/line.ts';

/** A column of a bill's summary beside what its rows add up to, in units of its last decimal. */
export interface SummaryCheck {
  /** The column's name in the file. */
  column: string;
  decimals: number;
  printed: number;
  counted: number;
}

/** The sums of a bill's rows. */
export interface Sums<Row> {
  add(row: Row): void;
  /** Compares them with the summary of the file, whose names stood in the line before it. */
  check(names: readonly string[], line: Line): SummaryCheck[];
}

/** Adds up rows for each column of the summary. */
export function sumsOf<Row>(columns: readonly SummaryColumn<Row>[]): Sums<Row> {
  const sums = columns.map(() => 0);
  const entries = [...columns.entries()];
  return {
    add(row) {
      for (const [at, column] of entries) sums[at] = (sums[at] ?? 0) + column.of(row);
    },
    check: (names, line) =>
      columns.flatMap(({ names: known, decimals }, at) => {
        const cell = names.findIndex((name) => known.includes(name));
        const column = names[cell];
        if (column === undefined) return [];
        const printed = decimalCell(line, cell, decimals);
        return [{ column, decimals, printed, counted: sums[at] ?? 0 }];
      }),
  };
}

const ZERO = 0x30;
const NINE = 0x39;

/** Tells whether a line holds the names of a summary. */
export function isSummaryNames<Row>(
  columns: readonly SummaryColumn<Row>[],
  line: Line,
  decode: ReadCell,
): boolean {
  // Most rows begin with the digits of a time: their text is not made to be compared.
  const first = line.bytes[line.starts[0] ?? 0] ?? 0;
  const isNumber = first >= ZERO && first <= NINE;
  return !isNumber && (columns[0]?.names.includes(columnName(decode(line, 0))) ?? false);
}
