import type { ColumnNames } from './columns.ts';
import { type BillFault, type Faults, noFaults } from './faults.ts';
import type { BillForm } from './form.ts';
import { type Header, namesOf, readHeader } from './header.ts';
import { cutCells, emptyLine, type Line } from './line/line.ts';
import { LINE_BYTES_MAX, lineCutter } from './line/lines.ts';
import { isSummaryNames, type SummaryCheck, type Sums, sumsOf } from './summary.ts';

/** Lists what was found in a whole bill. */
export interface BillEnd {
  /** The rows that were read; those at fault are not among them. */
  rows: number;
  faultCount: number;
  /** The first hundred faults. */
  faults: readonly BillFault[];
  /** The summary beside what the rows add up to; undefined when the file has none, so that it was cut. */
  summary: readonly SummaryCheck[] | undefined;
}

/** Reads a column of the row at hand by its name in the file; undefined when the bill has none of that name. */
export type TextOf = (column: string) => string | undefined;

/** Takes a row as soon as it is read. */
export type TakeRow<Row> = (row: Row, textOf: TextOf) => void;

/** A reader of a bill that comes in chunks. */
export interface BillReader {
  write(chunk: Buffer): void;
  end(): BillEnd;
}

/** Reads the line at hand, and answers what the next one is read by. */
type Phase = () => Phase;

/** A bill of which a part is read. */
interface Reading<Row, Columns extends ColumnNames> {
  form: BillForm<Row, Columns>;
  take: TakeRow<Row>;
  line: Line;
  faults: Faults;
  sums: Sums<Row>;
  rows: number;
  summary: readonly SummaryCheck[] | undefined;
}

/**
 * Reads a bill as it comes, each row with exact amounts: whatever the order of the columns and their
 * names through the years, with BOM and CRLF or without, in UTF-8 or GBK. It keeps one line and the
 * sums, however large the file. What cannot be read is named by line and column, and the rest is
 * still counted.
 */
export function billReader<Row, Columns extends ColumnNames>(
  form: BillForm<Row, Columns>,
  take: TakeRow<Row>,
): BillReader {
  const line = emptyLine();
  const faults = noFaults();
  const sums = sumsOf(form.summary);
  const reading = { form, take, line, faults, sums, rows: 0, summary: undefined };
  let phase = headerPhase(reading);
  const cutter = lineCutter((bytes, start, end) => {
    line.number += 1;
    if (start === end) return;
    if (end - start > LINE_BYTES_MAX) faults.add(line, 'line_too_long');
    else {
      cutCells(line, bytes, start, end);
      phase = phase();
    }
  });
  return {
    write: cutter.write,
    end() {
      cutter.end();
      // A file without a line is no bill either.
      if (line.number === 0) phase = phase();
      const { rows, summary } = reading;
      return { rows, summary, faults: faults.first, faultCount: faults.count };
    },
  };
}

function headerPhase<Row, Columns extends ColumnNames>(reading: Reading<Row, Columns>): Phase {
  return () => {
    const header = readHeader(reading.form, reading.line);
    if (!('missing' in header)) return rowPhase(reading, header);
    reading.faults.add(reading.line, 'no_bill', header.missing);
    return ignored;
  };
}

/** Reads nothing of what is no bill. */
const ignored: Phase = () => ignored;

function rowPhase<Row, Columns extends ColumnNames>(
  reading: Reading<Row, Columns>,
  { names, places, decode }: Header<Columns>,
): Phase {
  const { form, line, faults, take, sums } = reading;
  const readRow = form.rowReader(places, decode);
  const textOf: TextOf = (column) => {
    const cell = names.indexOf(column);
    return cell < 0 ? undefined : decode(line, cell);
  };
  const phase: Phase = () => {
    if (isSummaryNames(form.summary, line, decode)) {
      return summaryPhase(reading, namesOf(line, decode));
    }
    const row = line.count === names.length ? readRow(line) : undefined;
    if (row === undefined) faults.add(line, 'cells');
    else if (line.faultyCell >= 0) faults.add(line, 'cell', names[line.faultyCell]);
    else {
      reading.rows += 1;
      sums.add(row);
      take(row, textOf);
    }
    return phase;
  };
  return phase;
}

function summaryPhase<Row, Columns extends ColumnNames>(
  reading: Reading<Row, Columns>,
  names: readonly string[],
): Phase {
  const { line, faults, sums } = reading;
  return () => {
    if (line.count === names.length) reading.summary = sums.check(names, line);
    else faults.add(line, 'cells');
    if (line.faultyCell >= 0) faults.add(line, 'cell', names[line.faultyCell]);
    return afterPhase(reading);
  };
}

function afterPhase<Row, Columns extends ColumnNames>({
  line,
  faults,
}: Reading<Row, Columns>): Phase {
  const phase: Phase = () => {
    faults.add(line, 'after_summary');
    return phase;
  };
  return phase;
}
