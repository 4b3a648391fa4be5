import { fen, yuanFromFen } from '../../../shared/domain/money.ts';

const BOM = '\uFEFF';

/** The lines of a bill: its rows under their columns, and one summary under its own. */
export interface BillLines {
  /** The names, with commas between. */
  columns: string;
  rows: readonly (readonly string[])[];
  summaryColumns: string;
  summary: readonly string[];
}

/** Prints a bill file as WeChat does: BOM, CRLF, a backtick before every field. */
export function billText({ columns, rows, summaryColumns, summary }: BillLines): string {
  const lines = [columns, ...rows.map(lineOf), summaryColumns, lineOf(summary)];
  return `${BOM}${lines.join('\r\n')}\r\n`;
}

function lineOf(fields: readonly string[]): string {
  return fields.map((field) => `\`${field}`).join(',');
}

/** Escapes a merchant's own text, so that it cannot be taken for the end of a field. */
export function escapeText(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n').replaceAll('`', '');
}

/** Prints fen as yuan, with a sign where it is less than nothing: `-0.12`. */
export function yuan(amount: number): string {
  return amount < 0 ? `-${yuanFromFen(fen(-amount))}` : yuanFromFen(fen(amount));
}

/** Prints a fee in fen as bills do, with five decimals: `-0.12000`. */
export function feeText(fee: number): string {
  return `${yuan(fee)}000`;
}
