import { FEN_DECIMALS, MILLIFEN_DECIMALS, readDecimal } from './decimal.ts';
import type { Line } from './line.ts';
import { readTime } from './time.ts';

/** Tells whether a bill has nothing there: no such column, or an empty cell. */
export function isEmpty(line: Line, cell: number): boolean {
  return cell < 0 || cell >= line.count || line.starts[cell] === line.ends[cell];
}

/** Reads a cell to its text. */
export type ReadCell = (line: Line, cell: number) => string;

const ZERO = 0x30;

/** Tells whether a cell names nothing: it is empty, or holds the `0` that bills print for no number. */
export function isNone(line: Line, cell: number): boolean {
  if (isEmpty(line, cell)) return true;
  const start = line.starts[cell] ?? 0;
  return line.ends[cell] === start + 1 && line.bytes[start] === ZERO;
}

/** Reads a number of an order, payment or refund, which must be there. */
export function numberCell(line: Line, cell: number): string {
  if (isEmpty(line, cell)) markFaulty(line, cell);
  return asciiCell(line, cell);
}

/** Reads a cell of ASCII; of anything else something is read that equals no number of ours. */
function asciiCell(line: Line, cell: number): string {
  return isEmpty(line, cell)
    ? ''
    : line.bytes.toString('latin1', line.starts[cell], line.ends[cell]);
}

/**
 * Makes a reader of a column that mostly holds what it held in the row before (the merchant, the
 * state): its text is made once, not a million times. `decode` is for texts in Chinese.
 */
export function repeatedCell(decode: ReadCell = asciiCell): ReadCell {
  let known: Buffer = Buffer.alloc(0);
  let text = '';
  return (line, cell) => {
    const start = line.starts[cell] ?? 0;
    const end = isEmpty(line, cell) ? start : (line.ends[cell] ?? 0);
    if (!isSame(known, line.bytes, start, end)) {
      known = Buffer.from(line.bytes.subarray(start, end));
      text = decode(line, cell);
    }
    return text;
  };
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) {
    if (known[at] !== bytes[start + at]) return false;
  }
  return true;
}

/** Reads an amount in fen; 0 where there is nothing. */
export function fenCell(line: Line, cell: number): number {
  return decimalCell(line, cell, FEN_DECIMALS);
}

/** Reads a fee in millifen; 0 where there is nothing, below it where a refund gives it back. */
export function millifenCell(line: Line, cell: number): number {
  return decimalCell(line, cell, MILLIFEN_DECIMALS);
}

/** Reads an amount that must be there and may not be below nothing. */
export function amountCell(line: Line, cell: number): number {
  const fen = isEmpty(line, cell) ? -1 : fenCell(line, cell);
  if (fen < 0) markFaulty(line, cell);
  return fen;
}

/** Reads a time, in milliseconds. */
export function timeCell(line: Line, cell: number): number {
  const { bytes, starts, ends } = line;
  const ms = isEmpty(line, cell) ? Number.NaN : readTime(bytes, starts[cell] ?? 0, ends[cell] ?? 0);
  if (Number.isNaN(ms)) markFaulty(line, cell);
  return ms;
}

/** Notes the first cell of a line that is not what its column holds. */
export function markFaulty(line: Line, cell: number): void {
  if (line.faultyCell < 0) line.faultyCell = Math.max(0, cell);
}

/** Reads a number of that many decimals, in units of the last one; 0 where there is nothing. */
export function decimalCell(line: Line, cell: number, decimals: number): number {
  if (isEmpty(line, cell)) return 0;
  const { bytes, starts, ends } = line;
  const value = readDecimal(bytes, starts[cell] ?? 0, ends[cell] ?? 0, decimals);
  if (Number.isNaN(value)) markFaulty(line, cell);
  return value;
}
