import type { ColumnNames, ColumnPlaces } from './columns.ts';
import type { ReadCell } from './line/cells.ts';
import type { Line } from './line/line.ts';

/** A column of the summary (汇总), which the rows are counted against. */
export interface SummaryColumn<Row> {
  names: readonly string[];
  /** Of the number that is printed: 0 for a count, 2 for fen, 5 for millifen. */
  decimals: number;
  /** Tells what a row adds to it, in units of the last decimal. */
  of(row: Row): number;
}

/** Tells one kind of bill from the other. */
export interface BillForm<Row, Columns extends ColumnNames = ColumnNames> {
  columns: Columns;
  /** Columns without which a file is no such bill. */
  required: readonly (keyof Columns & string)[];
  /** The first one counts the rows, and tells the line of the summary's names from all others. */
  summary: readonly SummaryColumn<Row>[];
  /** Makes the reader of one bill's rows; `decode` reads Chinese in its encoding. What it cannot read it marks as the line's faulty cell. */
  rowReader(places: ColumnPlaces<Columns>, decode: ReadCell): (line: Line) => Row;
}
