import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openWeChat, refusalIn, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };

const HOUR_S = 3600;
const columns = facts.vectors.find(({ id }) => id === 'trade-bill-columns')?.expected as Record<
  'ALL' | 'SUCCESS' | 'REFUND' | 'summary',
  string[]
>;

/** A day with two payments, seen from the next day at 10:00. */
async function openFinishedDay(): Promise<WeChatUnderTest> {
  const world = openWeChat();
  world.wechat.cashier(await world.place({ description: '拿铁,大杯', attach: 'a`b' }), 'pay');
  const other = { out_trade_no: 'WECHAT0002', amount: { total: 1, currency: 'CNY' } };
  world.wechat.cashier(await world.place(other), 'pay');
  await world.place({ out_trade_no: 'WECHAT0003' });
  await world.advance(24 * HOUR_S);
  return world;
}

const ask = ({ ask: send }: WeChatUnderTest, query: string) =>
  send('GET', `/v3/bill/tradebill?${query}`);

async function download(world: WeChatUnderTest, query: string) {
  const place = (await (await ask(world, query)).json()) as Record<string, string>;
  const url = new URL(place.download_url ?? '');
  const answer = await world.ask('GET', `${url.pathname}${url.search}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { place, answer, bytes };
}

test.each(['ALL', 'SUCCESS', 'REFUND'] as const)(
  'a %s bill has the documented columns',
  async (type) => {
    const { bytes } = await download(
      await openFinishedDay(),
      `bill_date=2026-11-24&bill_type=${type}`,
    );
    const text = bytes.toString('utf8');
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    const lines = text.slice(1).trimEnd().split('\r\n');
    expect(lines[0]?.split(',')).toEqual(columns[type]);
    expect(lines.at(-2)?.split(',')).toEqual(columns.summary);
    const rows = lines.slice(1, -2);
    expect(rows).toHaveLength(type === 'REFUND' ? 0 : 2);
    for (const row of rows) expect(row.slice(1).split(',`')).toHaveLength(columns[type].length);
  },
);

test('amounts are in yuan, fees have five decimals, the summary adds up', async () => {
  const { bytes } = await download(await openFinishedDay(), 'bill_date=2026-11-24');
  const [first, second, , summary] = bytes.toString('utf8').trimEnd().split('\r\n').slice(1);
  const cells = (line = '') => line.slice(1).split(',`');
  const cell = (line: string | undefined, name: string) => cells(line)[columns.ALL.indexOf(name)];
  expect(cell(first, '订单金额')).toBe('19.90');
  expect(cell(first, '手续费')).toBe('0.12000');
  expect(cell(first, '商品名称')).toBe('拿铁\\ 大杯');
  expect(cell(second, '订单金额')).toBe('0.01');
  expect(cell(second, '手续费')).toBe('0.00000');
  expect(cells(summary)).toEqual(['2', '19.91', '0.00', '0.00', '0.12000', '19.91', '0.00']);
});

test('the hash is over the decompressed bytes; the file’s answer is not signed', async () => {
  const { place, answer, bytes } = await download(
    await openFinishedDay(),
    'bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP',
  );
  const sha1 = createHash('sha1').update(gunzipSync(bytes)).digest('hex');
  expect(place).toMatchObject({ hash_type: 'SHA1', hash_value: sha1 });
  expect(answer.headers.get('wechatpay-signature')).toBeNull();
});

test.each([
  ['bill_date=2026-11-25', 'PARAM_ERROR'],
  ['bill_date=2026-11-26', 'PARAM_ERROR'],
  ['bill_date=2026-07-01', 'PARAM_ERROR'],
  ['bill_date=20261124', 'PARAM_ERROR'],
  ['bill_date=2026-11-24&bill_type=FUND', 'PARAM_ERROR'],
  ['bill_date=2026-11-24&tar_type=ZIP', 'PARAM_ERROR'],
  ['bill_date=2026-11-23', 'NO_STATEMENT_EXIST'],
])('%s is refused as %s', async (query, code) => {
  expect(await refusalIn(await ask(await openFinishedDay(), query))).toMatchObject({
    status: 400,
    code,
  });
});

test('a bill is made from ten o’clock of the next day', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(24 * HOUR_S - 1);
  const early = await ask(world, 'bill_date=2026-11-24');
  expect(await refusalIn(early)).toMatchObject({ code: 'STATEMENT_CREATING' });
  await world.advance(1);
  expect((await ask(world, 'bill_date=2026-11-24')).status).toBe(200);
});

test('a payment belongs to the Beijing day on which it was made', async () => {
  const world = openWeChat();
  const late = { time_expire: '2026-11-26T00:00:00+08:00' };
  const before = await world.place({ ...late, out_trade_no: 'BEFORE0001' });
  await world.advance(14 * HOUR_S - 1);
  // Its prepay id has died by now, as they do.
  expect(world.wechat.cashier(before, 'pay')).toEqual({
    errMsg: 'requestPayment:fail prepay_id已过期',
  });
  world.wechat.cashier(await world.place({ ...late, out_trade_no: 'BEFORE0001' }), 'pay');
  await world.advance(1);
  world.wechat.cashier(await world.place({ ...late, out_trade_no: 'AFTER00001' }), 'pay');
  await world.advance(48 * HOUR_S);
  const { bytes: first } = await download(world, 'bill_date=2026-11-24');
  const { bytes: second } = await download(world, 'bill_date=2026-11-25');
  expect([first.includes('BEFORE0001'), first.includes('AFTER00001')]).toEqual([true, false]);
  expect([second.includes('BEFORE0001'), second.includes('AFTER00001')]).toEqual([false, true]);
});

test('a download address lives five minutes, for its merchant alone', async () => {
  const world = await openFinishedDay();
  const { download_url: address } = (await (await ask(world, 'bill_date=2026-11-24')).json()) as {
    download_url: string;
  };
  const { pathname, search } = new URL(address);
  const other = world.wechat.addMerchant('1900000001');
  expect((await world.ask('GET', `${pathname}${search}`, '', { as: other })).status).toBe(404);
  await world.advance(300);
  expect((await world.ask('GET', `${pathname}${search}`)).status).toBe(200);
  await world.advance(1);
  expect((await world.ask('GET', `${pathname}${search}`)).status).toBe(403);
});
