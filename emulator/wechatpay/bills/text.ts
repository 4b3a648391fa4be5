import { fen, yuanFromFen } from '../../../shared/domain/money.ts';
import { rfc3339 } from '../orders/wire.ts';

const BOM = '\uFEFF';

/** A bill file as WeChat prints it: BOM, CRLF, a backtick before every field, a summary at the end. */
export function billText(
  columns: string,
  rows: readonly (readonly string[])[],
  summaryColumns: string,
  summary: readonly string[],
): string {
  const lines = [columns, ...rows.map(line), summaryColumns, line(summary)];
  return `${BOM}${lines.join('\r\n')}\r\n`;
}

function line(fields: readonly string[]): string {
  return fields.map((field) => `\`${field}`).join(',');
}

/** An instant as bills print it: `2026-11-24 10:00:00`, Beijing time. */
export function billTime(ms: number): string {
  return rfc3339(ms).slice(0, 19).replace('T', ' ');
}

/** A merchant's own text, so that it cannot be taken for the end of a field. */
export function escaped(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n').replaceAll('`', '');
}

/** Fen as yuan, with a sign where it is less than nothing: `-0.12`. */
export function yuan(amount: number): string {
  return amount < 0 ? `-${yuanFromFen(fen(-amount))}` : yuanFromFen(fen(amount));
}

/** A fee in fen as bills print it, with five decimals: `-0.12000`. */
export function feeText(fee: number): string {
  return `${yuan(fee)}000`;
}
