import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openWeChat, refusalIn, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const expectedOf = (id: string) => facts.vectors.find((each) => each.id === id)?.expected;
const columns = expectedOf('trade-bill-columns') as Record<string, string[]>;
const fundFlow = expectedOf('fundflow-columns') as { columns: string[]; summary: string[] };

const refund = ({ ask }: WeChatUnderTest, no: string, fee: number, order = 'WECHAT0001') =>
  ask(
    'POST',
    '/v3/refund/domestic/refunds',
    JSON.stringify({
      out_trade_no: order,
      out_refund_no: no,
      amount: { refund: fee, total: 1990, currency: 'CNY' },
    }),
  );

interface Bill {
  rows: Record<string, string>[];
  summary: Record<string, string>;
  header: string[];
  summaryHeader: string[];
}

/** Downloads a bill as a merchant does: address, signed request, hash, rows by column. */
async function bill({ ask }: WeChatUnderTest, kind: string, query: string): Promise<Bill> {
  const place = (await (await ask('GET', `/v3/bill/${kind}?${query}`)).json()) as Record<
    string,
    string
  >;
  const { pathname, search } = new URL(place.download_url ?? '');
  const bytes = Buffer.from(await (await ask('GET', `${pathname}${search}`)).arrayBuffer());
  expect(createHash('sha1').update(bytes).digest('hex')).toBe(place.hash_value);
  const lines = bytes.toString('utf8').slice(1).trimEnd().split('\r\n');
  const header = (lines[0] ?? '').split(',');
  const summaryHeader = (lines.at(-2) ?? '').split(',');
  const cells = (line: string) => line.slice(1).split(',`');
  const named = (names: string[], line = '') =>
    Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell]));
  return {
    rows: lines.slice(1, -2).map((line) => named(header, line)),
    summary: named(summaryHeader, lines.at(-1)),
    header,
    summaryHeader,
  };
}
const trade = (world: WeChatUnderTest, type: string, day = '2026-11-24') =>
  bill(world, 'tradebill', `bill_date=${day}&bill_type=${type}`);
const funds = (world: WeChatUnderTest, day = '2026-11-24') =>
  bill(world, 'fundflowbill', `bill_date=${day}&account_type=BASIC`);

/**
 * 10:00 paid, 11:00 5.00 back, 12:00 another payment, 13:00 a refund that is closed, seen a day
 * later.
 */
async function openDay(): Promise<WeChatUnderTest> {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(HOUR_S);
  await refund(world, 'REFUND1', 500);
  await world.advance(HOUR_S);
  const later = { out_trade_no: 'WECHAT0002', time_expire: '2026-11-25T10:00:00+08:00' };
  world.wechat.cashier(await world.place(later), 'pay');
  await world.advance(HOUR_S);
  await refund(world, 'REFUND2', 100);
  world.wechat.steerRefund('REFUND2', 'CLOSED');
  await world.advance(DAY_S);
  return world;
}

test('an ALL bill has payments and refunds in order of time', async () => {
  const { rows, header, summary } = await trade(await openDay(), 'ALL');
  expect(header).toEqual(columns.ALL);
  const seen = rows.map((row) => [row.交易时间, row.交易状态, row.商户退款单号, row.退款状态]);
  expect(seen).toEqual([
    ['2026-11-24 10:00:00', 'SUCCESS', '0', ''],
    ['2026-11-24 11:00:10', 'REFUND', 'REFUND1', 'SUCCESS'],
    ['2026-11-24 12:00:00', 'SUCCESS', '0', ''],
    ['2026-11-24 13:00:00', 'REFUND', 'REFUND2', 'FAIL'],
  ]);
  expect(rows[1]).toMatchObject({
    商户订单号: 'WECHAT0001',
    应结订单金额: '0.00',
    订单金额: '0.00',
    退款金额: '5.00',
    充值券退款金额: '0.00',
    退款类型: 'ORIGINAL',
    手续费: '-0.03000',
    费率: '0.60%',
    申请退款金额: '5.00',
  });
  expect(Object.values(summary)).toEqual([
    ...['4', '39.80', '6.00', '0.00', '0.20000', '39.80', '6.00'],
  ]);
});

test('a SUCCESS bill has payments alone, refunded ones too', async () => {
  const { rows, summary } = await trade(await openDay(), 'SUCCESS');
  expect(rows.map((row) => [row.商户订单号, row.交易状态])).toEqual([
    ['WECHAT0001', 'SUCCESS'],
    ['WECHAT0002', 'SUCCESS'],
  ]);
  expect(Object.values(summary)).toEqual([
    ...['2', '39.80', '0.00', '0.00', '0.24000', '39.80', '0.00'],
  ]);
});

test('a REFUND bill has refunds alone, at the time of their payment', async () => {
  const { rows, header, summary, summaryHeader } = await trade(await openDay(), 'REFUND');
  expect(header).toEqual(columns.REFUND);
  expect(summaryHeader).toEqual(columns.summary);
  expect(
    rows.map((row) => [row.交易时间, row.退款申请时间, row.退款成功时间, row.退款状态]),
  ).toEqual([
    ['2026-11-24 10:00:00', '2026-11-24 11:00:00', '2026-11-24 11:00:10', 'SUCCESS'],
    ['2026-11-24 10:00:00', '2026-11-24 13:00:00', '', 'FAIL'],
  ]);
  expect(Object.values(summary)).toEqual([
    ...['2', '0.00', '6.00', '0.00', '-0.04000', '0.00', '6.00'],
  ]);
});

// What bills call each state, and that they are never put right.
test.each([
  ['SUCCESS', 'SUCCESS'],
  ['CLOSED', 'FAIL'],
  ['ABNORMAL', 'CHANGE'],
] as const)(
  'a refund that is %s when the bill is made is %s in it for ever',
  async (to, status) => {
    const world = openWeChat();
    world.wechat.cashier(await world.place(), 'pay');
    await refund(world, 'REFUND1', 500);
    world.wechat.steerRefund('REFUND1', to);
    await world.advance(DAY_S);
    expect((await trade(world, 'REFUND')).rows[0]?.退款状态).toBe(status);
    world.wechat.steerRefund('REFUND1', 'SUCCESS');
    await world.advance(DAY_S);
    expect((await trade(world, 'REFUND')).rows[0]?.退款状态).toBe(status);
  },
);

test('a refund belongs to the day on which it was accepted, whenever it arrives', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(14 * HOUR_S - 5);
  await refund(world, 'REFUND1', 500);
  await world.advance(2 * DAY_S);
  const [row] = (await trade(world, 'REFUND')).rows;
  expect(row).toMatchObject({ 退款成功时间: '2026-11-25 00:00:05', 退款状态: 'SUCCESS' });
  const all = (await trade(world, 'ALL')).rows;
  expect(all.map((row) => row.交易时间?.slice(0, 10))).toEqual(['2026-11-24', '2026-11-24']);
  const next = await world.ask('GET', '/v3/bill/tradebill?bill_date=2026-11-25');
  expect(await refusalIn(next)).toMatchObject({ code: 'NO_STATEMENT_EXIST' });
});

test('the fee comes back in parts that add up to what was charged', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  for (const [i, fee] of [663, 663, 664].entries()) {
    await refund(world, `THIRD${i}`, fee);
    await world.advance(60);
  }
  await world.advance(DAY_S);
  const { rows, summary } = await trade(world, 'ALL');
  expect(rows.map((row) => row.手续费)).toEqual(['0.12000', '-0.04000', '-0.04000', '-0.04000']);
  expect(summary.手续费总金额).toBe('0.00000');
});

test('a fund-flow bill has money in, fees, and refunds once they left; the balance follows', async () => {
  const { rows, header, summary, summaryHeader } = await funds(await openDay());
  expect(header).toEqual(fundFlow.columns);
  expect(summaryHeader).toEqual(fundFlow.summary);
  const seen = rows.map((row) => [
    ...[row.记账时间?.slice(11), row.业务名称, row.收支类型],
    ...[row['收支金额(元)'], row['账户结余(元)'], row.业务凭证号],
  ]);
  expect(seen).toEqual([
    ['10:00:00', '交易', '收入', '19.90', '19.90', 'WECHAT0001'],
    ['10:00:00', '扣除交易手续费', '支出', '0.12', '19.78', 'WECHAT0001'],
    ['11:00:10', '退款', '支出', '4.97', '14.81', 'REFUND1'],
    ['12:00:00', '交易', '收入', '19.90', '34.71', 'WECHAT0002'],
    ['12:00:00', '扣除交易手续费', '支出', '0.12', '34.59', 'WECHAT0002'],
  ]);
  expect(rows[2]).toMatchObject({
    备注: '退款总金额5.00元;含手续费0.03元',
    资金变更提交申请人: '1900000109API',
  });
  expect(new Set(rows.map((row) => row.资金流水单号)).size).toBe(5);
  expect(Object.values(summary)).toEqual(['5', '2', '39.80', '3', '5.21']);
});

test('the balance of a day begins where the day before ended; all given back, nothing is left', async () => {
  const world = await openDay();
  await refund(world, 'REFUND3', 1490);
  await refund(world, 'REFUND4', 1990, 'WECHAT0002');
  await world.advance(DAY_S);
  const { rows } = await funds(world, '2026-11-25');
  expect(rows.map((row) => row['账户结余(元)'])).toEqual(['19.78', '0.00']);
  expect((await funds(world)).rows.at(-1)?.['账户结余(元)']).toBe('34.59');
});

test.each([
  ['bill_date=2026-11-25&account_type=BASIC', 'PARAM_ERROR'],
  ['bill_date=20261124', 'PARAM_ERROR'],
  ['bill_date=2026-11-24&account_type=Basic', 'PARAM_ERROR'],
  ['bill_date=2026-11-24&tar_type=ZIP', 'PARAM_ERROR'],
  ['bill_date=2026-11-23', 'NO_STATEMENT_EXIST'],
  ['bill_date=2026-11-24&account_type=OPERATION', 'NO_STATEMENT_EXIST'],
  ['bill_date=2026-11-24&account_type=FEES', 'NO_STATEMENT_EXIST'],
])('a fund-flow bill of %s is refused as %s', async (query, code) => {
  const answer = await (await openDay()).ask('GET', `/v3/bill/fundflowbill?${query}`);
  expect(await refusalIn(answer)).toMatchObject({ status: 400, code });
});
