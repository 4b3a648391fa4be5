import { expect, test } from 'vitest';
import { openEcb, reqInfoKey } from '../../../shared/gateway/apiV2/reqInfo.ts';
import { readXml } from '../../../shared/gateway/apiV2/xml.ts';
import { openWeChat, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import vectors from '../../../tests/vectors/v2-refund-notify.json' with { type: 'json' };
import { openKeyRing } from '../keys/keyRing.ts';
import type { Notice } from './notice.ts';

const refundNotifyUrl = 'https://shop.example.com/refund/notify';
const real = vectors.vectors.find(({ id }) => id === 'v2-refund-reqinfo-gopay')?.expected.fields;

/** An order, paid and notified, where the console names an address for refunds. */
async function openPaid(options: Parameters<typeof openWeChat>[0] = {}): Promise<WeChatUnderTest> {
  const world = openWeChat({ refundNotifyUrl, ...options });
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(0);
  world.delivered.length = 0;
  return world;
}

const inConsole = ({ wechat }: WeChatUnderTest) =>
  String(wechat.consoleRefund('WECHAT0001', 500).out_refund_no);

/** Reads a notice as a merchant does; `fields` is undefined when it does not open. */
function readAs({ merchant }: WeChatUnderTest, { body }: Notice) {
  const envelope = readXml(Buffer.from(body), 'xml');
  const plain = openEcb(envelope.req_info ?? '', reqInfoKey(merchant.apiV2Key));
  const isWhole = plain?.toString().startsWith('<root>') ?? false;
  return { envelope, fields: plain && isWhole ? readXml(plain, 'root') : undefined };
}

test('a console refund is notified in XML, unsigned, with the fields of a real notice in their order', async () => {
  const world = await openPaid();
  const no = inConsole(world);
  await world.advance(10);
  expect(world.delivered).toHaveLength(1);
  const [notice] = world.delivered as [Notice];
  expect([notice.url, notice.headers]).toEqual([refundNotifyUrl, { 'Content-Type': 'text/xml' }]);
  const { envelope, fields } = readAs(world, notice);
  expect(envelope).toMatchObject({
    return_code: 'SUCCESS',
    appid: 'wx0000000000000001',
    mch_id: '1900000109',
  });
  expect(fields).toMatchObject({
    out_trade_no: 'WECHAT0001',
    out_refund_no: no,
    refund_fee: '500',
    total_fee: '1990',
    refund_status: 'SUCCESS',
    refund_request_source: 'VENDOR_PLATFORM',
    success_time: '2026-11-24 10:00:10',
  });
  expect(Object.keys(fields ?? {})).toEqual(Object.keys(real ?? {}));
});

test('so is a refund that was asked for without an address', async () => {
  const world = await openPaid();
  const amount = { refund: 500, total: 1990, currency: 'CNY' };
  const request = JSON.stringify({ out_trade_no: 'WECHAT0001', out_refund_no: 'R1', amount });
  expect((await world.ask('POST', '/v3/refund/domestic/refunds', request)).status).toBe(200);
  await world.advance(10);
  const [notice] = world.delivered as [Notice];
  expect(readAs(world, notice).fields).toMatchObject({
    out_refund_no: 'R1',
    refund_request_source: 'API',
  });
});

test.each([
  ['CLOSED', 'REFUNDCLOSE'],
  ['ABNORMAL', 'CHANGE'],
] as const)(
  'a refund that ends %s is notified as %s, without a time of success',
  async (to, refundStatus) => {
    const world = await openPaid();
    world.wechat.steerRefund(inConsole(world), to);
    await world.advance(1);
    const [notice] = world.delivered as [Notice];
    const { fields } = readAs(world, notice);
    expect(fields).toMatchObject({ refund_status: refundStatus });
    expect(fields).not.toHaveProperty('success_time');
  },
);

const xml = (code: string) => `<xml><return_code>${code}</return_code></xml>`;
test.each([
  ['SUCCESS in XML', 200, xml('<![CDATA[SUCCESS]]>'), [200]],
  ['SUCCESS in XML, plain', 200, xml('SUCCESS'), [200]],
  ['FAIL in XML', 200, xml('FAIL'), ['error', 'error']],
  ['SUCCESS in JSON', 200, '{"code":"SUCCESS"}', ['error', 'error']],
  ['nothing', 204, '', ['error', 'error']],
  ['a failure', 500, xml('SUCCESS'), [500, 500]],
])('answered %s', async (_what, status, body, statuses) => {
  const world = await openPaid({ deliver: async () => ({ status, body }) });
  const no = inConsole(world);
  await world.advance(30);
  const { notifications } = world.wechat.refundTruth(no) as {
    notifications: { status: unknown }[];
  };
  expect(notifications.map((one) => one.status)).toEqual(statuses);
});

test.each([
  ['lost_request', undefined, 0, {}],
  ['duplicate', undefined, 2, {}],
  ['mutated', 'AMOUNT', 1, { refund_fee: '501' }],
  ['mutated', 'TOTAL', 1, { total_fee: '1991' }],
  ['mutated', 'TRANSACTION', 1, { transaction_id: '4200009999999999999999999999' }],
  ['mutated', 'UNKNOWN_ORDER', 1, { out_trade_no: 'NOBODYWECHAT0001' }],
  ['mutated', 'MCHID', 1, { out_trade_no: 'WECHAT0001' }],
] as const)('fault %s %s: delivered %#', async (kind, code, times, fields) => {
  const world = await openPaid();
  const fault = { at: 'wechatpay.refundNotify', kind, times: 1, ...(code ? { code } : {}) };
  world.world.faults.set([fault]);
  inConsole(world);
  await world.advance(10);
  expect(world.delivered).toHaveLength(times);
  for (const notice of world.delivered) {
    const { envelope, fields: opened } = readAs(world, notice);
    expect(opened).toMatchObject(fields);
    expect(envelope.mch_id).toBe(code === 'MCHID' ? '1999999999' : '1900000109');
  }
});

test.each(['forged', 'mutated'] as const)('a %s one does not open', async (kind) => {
  const world = await openPaid();
  world.world.faults.set([{ at: 'wechatpay.refundNotify', kind, times: 1 }]);
  inConsole(world);
  await world.advance(10);
  const [notice] = world.delivered as [Notice];
  expect(readAs(world, notice).fields).toBeUndefined();
});

test('there are no probes of what is not signed', async () => {
  const world = await openPaid();
  for (let i = 0; i < 12; i += 1) {
    await world.advance(61);
    world.wechat.consoleRefund('WECHAT0001', 1);
  }
  await world.advance(61);
  expect(world.delivered).toHaveLength(12);
});

test('a merchant of a data file of before there were APIv2 keys gets one, and keeps it', () => {
  const { world } = openWeChat();
  const table = world.data.table<{ merchants: Record<string, unknown>[] }>('wechatpay_keys');
  const { merchants, ...rest } = table.get('keys') ?? { merchants: [] };
  table.put('keys', { ...rest, merchants: merchants.map(({ apiV2Key: _, ...older }) => older) });
  const given = openKeyRing(world, '1900000109').merchant('1900000109')?.apiV2Key;
  expect(given).toMatch(/^[0-9A-F]{32}$/);
  expect(openKeyRing(world, '1900000109').merchant('1900000109')?.apiV2Key).toBe(given);
});
