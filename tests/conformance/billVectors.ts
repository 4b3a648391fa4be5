/** Bill files of public suites and documents: their columns, rows and sums, run through our reader. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type ColumnNames, columnName } from '../../shared/bill/columns.ts';
import type { BillForm } from '../../shared/bill/form.ts';
import { fundFlowBill } from '../../shared/bill/fundFlowBill.ts';
import { billReader } from '../../shared/bill/readBill.ts';
import { tradeBill } from '../../shared/bill/tradeBill.ts';
import bills from '../vectors/bills.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

type Vector = (typeof bills.vectors)[number];

/** The file of a vector, as it was published. */
export function fileOf({ input }: Pick<Vector, 'input'>): Buffer {
  return input.text === undefined
    ? Buffer.from(input.text_base64 ?? '', 'base64')
    : Buffer.from(input.text);
}

function readAll<Row, Columns extends ColumnNames>(
  form: BillForm<Row, Columns>,
  file: Buffer,
  columns: readonly string[],
) {
  const rows: Record<string, string | undefined>[] = [];
  const reader = billReader(form, (_row, textOf) => {
    rows.push(Object.fromEntries(columns.map((name) => [name, textOf(columnName(name))])));
  });
  reader.write(file);
  return { rows, end: reader.end() };
}

function checkBill({ input, expected }: Vector): void {
  const file = fileOf({ input });
  const { columns } = expected;
  expect(createHash('sha1').update(file).digest('hex')).toBe(expected.sha1_of_file);
  const { rows, end } = columns.includes('记账时间')
    ? readAll(fundFlowBill, file, columns)
    : readAll(tradeBill, file, columns);
  expect(end).toMatchObject({ rows: expected.row_count, faultCount: 0 });
  expect([rows[0], rows.at(-1)]).toEqual([expected.first_row, expected.last_row]);
  const printed = Object.entries(expected.summary).map(([column, text]) => {
    const check = end.summary?.find((each) => each.column === column);
    return [column, text, check && check.printed / 10 ** check.decimals];
  });
  expect(printed).toEqual(
    Object.entries(expected.summary).map(([column, text]) => [column, text, Number(text)]),
  );
}

/** By the name of the file. */
export const billVectors: Record<string, VectorCases> = { bills: casesOf(bills, checkBill) };
