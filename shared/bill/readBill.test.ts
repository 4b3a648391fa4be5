import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf } from '../../tests/conformance/billVectors.ts';
import vectors from '../../tests/vectors/bills.json' with { type: 'json' };
import { type ColumnNames, columnName } from './columns.ts';
import type { BillForm } from './form.ts';
import { type FundFlowRow, fundFlowBill } from './fundFlowBill.ts';
import { type BillEnd, billReader } from './readBill.ts';
import { type TradeRow, tradeBill } from './tradeBill.ts';

/** A bill as it was read: its rows, typed and as texts by column. */
interface Read<Row> {
  rows: Row[];
  texts: Record<string, string | undefined>[];
  end: BillEnd;
}

function readIn<Row, Columns extends ColumnNames>(
  form: BillForm<Row, Columns>,
  file: Buffer,
  { names = [] as readonly string[], chunkBytes = file.length + 1 } = {},
): Read<Row> {
  const rows: Row[] = [];
  const texts: Read<Row>['texts'] = [];
  const reader = billReader(form, (row: Row, textOf) => {
    rows.push(row);
    texts.push(Object.fromEntries(names.map((name) => [name, textOf(columnName(name))])));
  });
  for (let at = 0; at < file.length; at += chunkBytes) {
    // A copy, so that nothing leans on what follows a chunk.
    reader.write(Buffer.from(file.subarray(at, at + chunkBytes)));
  }
  return { rows, texts, end: reader.end() };
}

const readTrades = (text: string) => readIn(tradeBill, Buffer.from(text));

test.each(
  vectors.vectors.flatMap((vector) =>
    [1, 7, 1000].map((chunkBytes) => ({ ...vector, chunkBytes })),
  ),
)('$id in chunks of $chunkBytes bytes is the bill that it is at once', ({ input, chunkBytes }) => {
  const file = fileOf({ input });
  expect(readIn(tradeBill, file, { chunkBytes })).toEqual(readIn(tradeBill, file));
  expect(readIn(fundFlowBill, file, { chunkBytes })).toEqual(readIn(fundFlowBill, file));
});

test('the summary of a file that lacks a row says so, and that of a whole one agrees', () => {
  const [whole, cut] = vectors.vectors;
  const isEqual = ({ end }: Read<unknown>) =>
    end.summary?.every((each) => each.printed === each.counted);
  expect(isEqual(readIn(tradeBill, Buffer.from(whole?.input.text_base64 ?? '', 'base64')))).toBe(
    true,
  );
  const { summary } = readIn(fundFlowBill, Buffer.from(cut?.input.text ?? '')).end;
  expect(summary?.filter(({ printed, counted }) => printed !== counted)).toEqual([
    { column: '资金流水总笔数', decimals: 0, printed: 3, counted: 2 },
    { column: '收入笔数', decimals: 0, printed: 1, counted: 0 },
    { column: '收入金额', decimals: 2, printed: 1, counted: 0 },
  ]);
});

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,交易状态,应结订单金额,微信退款单号,商户退款单号,退款金额,退款状态,商品名称,手续费,订单金额,申请退款金额';
const PAYMENT =
  '`2026-11-23 08:30:00,`wx1,`1900000001,`0,`4200000001,`NO1,`SUCCESS,`12.30,`0,`0,`0.00,`,`苹果,`0.07000,`12.34,`0.00';
const REFUND =
  '`2026-11-23 09:00:00,`wx1,`1900000001,`1900000002,`4200000001,`NO1,`REFUND,`0.00,`5030,`R1,`12.30,`PROCESSING,`苹果,`-0.07000,`0.00,`12.34';
const SUMMARY = '总交易单数,应结订单总金额,退款总金额,手续费总金额,订单总金额,申请退款总金额';
const SUMS = '`2,`12.30,`12.30,`0.00000,`12.34,`12.34';
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;

test('a payment and its refund are rows with exact amounts, their time in Beijing', () => {
  const { rows, end } = readTrades(lines(HEADER, PAYMENT, REFUND, SUMMARY, SUMS));
  const both = {
    appid: 'wx1',
    mchid: '1900000001',
    transactionId: '4200000001',
    outTradeNo: 'NO1',
  };
  const none = { coupon: 0, couponRefund: 0 };
  expect(rows).toEqual([
    {
      ...both,
      ...none,
      line: 2,
      tradedAtMs: Date.parse('2026-11-23T08:30:00+08:00'),
      subMchid: undefined,
      tradeState: 'SUCCESS',
      total: 1234,
      settlementTotal: 1230,
      feeMillifen: 7000,
      refund: undefined,
    },
    {
      ...both,
      ...none,
      line: 3,
      tradedAtMs: Date.parse('2026-11-23T09:00:00+08:00'),
      subMchid: '1900000002',
      tradeState: 'REFUND',
      total: 0,
      settlementTotal: 0,
      feeMillifen: -7000,
      refund: {
        refundId: '5030',
        outRefundNo: 'R1',
        refund: 1234,
        settlementRefund: 1230,
        status: 'PROCESSING',
      },
    },
  ]);
  expect(end.summary?.filter(({ printed, counted }) => printed !== counted)).toEqual([]);
  expect(end.summary).toHaveLength(6);
});

const drifted: [string, string][] = [
  ['with a BOM', `\uFEFF${HEADER}`],
  ['with quotes around its names', HEADER.replaceAll(/[^,]+/g, '"$&"')],
  ['with a backtick before each name', HEADER.replaceAll(/[^,]+/g, '`$&')],
  ['with spaces around its names', HEADER.replaceAll(',', ' , ')],
];
test.each(drifted)('a first line %s is the same bill', (_how, header) => {
  const plain = readTrades(lines(HEADER, PAYMENT, REFUND, SUMMARY, SUMS));
  expect(readTrades(lines(header, PAYMENT, REFUND, SUMMARY, SUMS))).toEqual(plain);
});

test('a summary with quotes around its names is one too', () => {
  const quoted = SUMMARY.replaceAll(/[^,]+/g, '"$&"');
  expect(readTrades(lines(HEADER, PAYMENT, REFUND, quoted, SUMS))).toEqual(
    readTrades(lines(HEADER, PAYMENT, REFUND, SUMMARY, SUMS)),
  );
});

test('columns in another order, with one that nobody knows, are read by their names', () => {
  const { rows, texts, end } = readIn(
    tradeBill,
    Buffer.from(
      lines(
        '新的一列,订单金额,交易状态,商户订单号,微信订单号,商户号,交易时间',
        '`甲,乙`,`0.10,`SUCCESS,`NO1,`42,`19,`2026-11-23 08:30:00',
      ),
    ),
    { names: ['新的一列', '没有的一列'] },
  );
  expect(rows).toMatchObject([{ outTradeNo: 'NO1', total: 10, mchid: '19' }]);
  expect(texts).toEqual([{ 新的一列: '甲,乙`', 没有的一列: undefined }]);
  expect(end).toMatchObject({ faultCount: 0, summary: undefined });
});

/** Writes text in GBK, by the decoder that reads it. */
function gbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const bytesOf = new Map<string, number[]>();
  for (let lead = 0x81; lead < 0xff; lead += 1) {
    for (let trail = 0x40; trail < 0xff; trail += 1) {
      bytesOf.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Buffer.from(
    [...text].flatMap((char) => bytesOf.get(char) ?? [...Buffer.from(char, 'latin1')]),
  );
}

test('a file in GBK is read, also where a character ends in the byte of a backtick', () => {
  // 乣 is 81 60.
  const row = PAYMENT.replace('苹果', '乣,乣');
  const file = gbk(lines(HEADER, row, REFUND, SUMMARY, SUMS));
  const { texts, end } = readIn(tradeBill, file, { names: ['商品名称'] });
  expect(texts).toEqual([{ 商品名称: '乣,乣' }, { 商品名称: '苹果' }]);
  expect(end).toMatchObject({ rows: 2, faultCount: 0 });
});

const faulty: [string, string, object][] = [
  [
    'an amount with a comma in it',
    PAYMENT.replace('12.34', '1,234.00'),
    { cause: 'cell', column: '订单金额' },
  ],
  [
    'an amount of less than a fen',
    PAYMENT.replace('12.34', '12.345'),
    { cause: 'cell', column: '订单金额' },
  ],
  ['no amount', PAYMENT.replace('12.34', ''), { cause: 'cell', column: '订单金额' }],
  [
    'an amount below nothing',
    PAYMENT.replace('12.34', '-12.34'),
    { cause: 'cell', column: '订单金额' },
  ],
  ['a fee in words', PAYMENT.replace('0.07000', '免'), { cause: 'cell', column: '手续费' }],
  [
    'a day that November has not',
    PAYMENT.replace('11-23', '11-31'),
    { cause: 'cell', column: '交易时间' },
  ],
  [
    'a month that no year has',
    PAYMENT.replace('11-23', '13-23'),
    { cause: 'cell', column: '交易时间' },
  ],
  ['no number of the order', PAYMENT.replace('NO1', ''), { cause: 'cell', column: '商户订单号' }],
  ['a cell too few', PAYMENT.replace(',`苹果', ''), { cause: 'cells' }],
  ['a cell too many', `${PAYMENT},\`x`, { cause: 'cells' }],
  ['more cells than any bill has', `${PAYMENT}${',`x'.repeat(500)}`, { cause: 'cells' }],
  ['a line that has no end', `${PAYMENT}${'x'.repeat(70_000)}`, { cause: 'line_too_long' }],
];
test.each(faulty)('a row with %s is named, and the others still count', (_what, row, fault) => {
  const { rows, end } = readTrades(lines(HEADER, row, REFUND, SUMMARY, SUMS));
  expect(end).toMatchObject({ rows: 1, faultCount: 1, faults: [{ line: 2, ...fault }] });
  expect(rows).toMatchObject([{ line: 3, tradeState: 'REFUND' }]);
  expect(end.summary?.[0]).toMatchObject({ printed: 2, counted: 1 });
});

test.each<[string, string, object]>([
  ['nothing', '', { line: 0, cause: 'no_bill', column: '交易时间' }],
  ['XML', '<xml><return_code>FAIL</return_code></xml>', { line: 1, cause: 'no_bill' }],
  ['the other kind of bill', vectors.vectors[1]?.input.text ?? '', { line: 1, column: '交易时间' }],
  [
    'a bill without the amount',
    lines(HEADER.replace(',订单金额', '')),
    { line: 1, column: '订单金额' },
  ],
])('%s is no bill, whatever follows', (_what, text, fault) => {
  const { rows, end } = readTrades(text);
  expect(rows).toEqual([]);
  expect(end).toMatchObject({ faultCount: 1, faults: [fault], summary: undefined });
});

test('what stands behind the summary is named', () => {
  const { end } = readTrades(lines(HEADER, PAYMENT, REFUND, SUMMARY, SUMS, '', PAYMENT));
  expect(end.faults).toEqual([{ line: 7, cause: 'after_summary' }]);
});

test('of a thousand faults a hundred are listed', () => {
  const { end } = readTrades(lines(HEADER, ...Array.from({ length: 1000 }, () => 'x')));
  expect([end.faultCount, end.faults.length]).toEqual([1000, 100]);
});

test('whatever the bytes, each line is a row, a fault, or empty, and nothing is thrown', () => {
  const piece = fc.oneof(
    fc.constantFrom(HEADER, PAYMENT, REFUND, SUMMARY, SUMS, ',`', '`', ',', '\r\n', '\n', '\uFEFF'),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('`1e5', '`6e-05', '`-', '`.5', '`9'.repeat(30), '`2026-11-23 08：30：00'),
  );
  const file = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 50 }), (bytes, chunkBytes) => {
      const whole = readIn(tradeBill, bytes);
      expect(readIn(tradeBill, bytes, { chunkBytes })).toEqual(whole);
      for (const row of whole.rows) {
        expect([row.total, row.settlementTotal, row.feeMillifen].every(Number.isSafeInteger)).toBe(
          true,
        );
      }
    }),
    { numRuns: 1000, seed: Number(process.env.SEED) },
  );
});

test('fund flows say what came and what left, and the balance after it', () => {
  const { rows } = readIn(fundFlowBill, Buffer.from(vectors.vectors[1]?.input.text ?? ''));
  const expected: Partial<FundFlowRow> = { isIncome: false, amount: 1, balance: 22, name: '退款' };
  expect(rows[0]).toMatchObject({ ...expected, voucher: 'S20210201135356381941' });
});

test('a refund in a bill of 2018 has the names of its time', () => {
  const { rows } = readIn(tradeBill, Buffer.from(vectors.vectors[4]?.input.text ?? ''));
  const expected: Partial<TradeRow> = { subMchid: '1511458511', total: 0 };
  expect(rows[0]).toMatchObject({ ...expected, refund: { refund: 1, settlementRefund: 1 } });
});
