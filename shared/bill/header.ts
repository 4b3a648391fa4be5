import { type ColumnNames, type ColumnPlaces, columnName, placesOf } from './columns.ts';
import type { BillForm } from './form.ts';
import type { ReadCell } from './line/cells.ts';
import { isEmpty } from './line/cells.ts';
import { encodingOf } from './line/encoding.ts';
import type { Line } from './line/line.ts';

/** Tells how to read a bill's rows: what its first line holds. */
export interface Header<Columns extends ColumnNames> {
  /** The columns' names as the file has them, unknown ones too. */
  names: readonly string[];
  places: ColumnPlaces<Columns>;
  decode: ReadCell;
}

/** Reads a bill's first line; the column that is missing, where the file is no such bill. */
export function readHeader<Row, Columns extends ColumnNames>(
  form: BillForm<Row, Columns>,
  line: Line,
): Header<Columns> | { missing: string } {
  const encoding = encodingOf(line.bytes.subarray(line.starts[0], line.ends[line.count - 1]));
  const decode = decoderOf(encoding ?? 'utf-8');
  const names = namesOf(line, decode);
  const places = placesOf(form.columns, names);
  const missing = form.required.find((column) => places[column] < 0);
  if (missing !== undefined) return { missing: form.columns[missing]?.[0] ?? missing };
  return { names, places, decode };
}

/** Reads the names that a line holds, each in one way of writing. */
export function namesOf(line: Line, decode: ReadCell): string[] {
  return Array.from({ length: line.count }, (_, cell) => columnName(decode(line, cell)));
}

function decoderOf(encoding: 'utf-8' | 'gbk'): ReadCell {
  const decoder = new TextDecoder(encoding);
  return (line, cell) =>
    isEmpty(line, cell)
      ? ''
      : decoder.decode(line.bytes.subarray(line.starts[cell], line.ends[cell]));
}
