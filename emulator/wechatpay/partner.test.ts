import { expect, test } from 'vitest';
import { open } from '../../shared/gateway/apiV3/crypto/aead.ts';
import {
  goodOrder,
  openWeChat,
  type RequestOptions,
  refusalIn,
  type WeChatUnderTest,
} from '../../tests/support/wechat.ts';

const SP = '1900000200';
const SUB = '1900000109';
const DAY_S = 86_400;
const partner = '/v3/pay/partner/transactions';
const refunds = '/v3/refund/domestic/refunds';
const both = `sp_mchid=${SP}&sub_mchid=${SUB}`;
const numbered = `${partner}/out-trade-no/WECHAT0001`;
const direct = `/v3/pay/transactions/out-trade-no/WECHAT0001`;
const closing = JSON.stringify({ sp_mchid: SP, sub_mchid: SUB });

const { appid, mchid: _, ...rest } = goodOrder;
const merchants = {
  sp_appid: 'wx0000001900000200',
  sp_mchid: SP,
  sub_appid: appid,
  sub_mchid: SUB,
};
const order = {
  ...rest,
  ...merchants,
  payer: { sub_openid: 'oPayer' },
};
const refund = {
  sub_mchid: SUB,
  out_trade_no: 'WECHAT0001',
  out_refund_no: 'REFUND1',
  notify_url: 'https://shop.example.com/refund/notify',
  amount: { refund: 500, total: 1990, currency: 'CNY' },
};

/** A WeChat Pay where SUB is paid under SP, and asked by the provider. */
function openUnderProvider(): WeChatUnderTest & { provider: RequestOptions } {
  const world = openWeChat();
  return { ...world, provider: { as: { ...world.wechat.addSubMerchant(SP, SUB), mchid: SP } } };
}
type World = ReturnType<typeof openUnderProvider>;

const place = ({ ask, provider }: World, change: object = {}) =>
  ask('POST', `${partner}/jsapi`, JSON.stringify({ ...order, ...change }), provider);
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

async function openPaid(): Promise<World> {
  const world = openUnderProvider();
  const { prepay_id: prepayId } = await json(await place(world));
  world.wechat.cashier(String(prepayId), 'pay');
  return world;
}

/** The last notice, opened as the provider does. */
function lastResource({ delivered, provider }: World): Record<string, unknown> {
  const { resource } = JSON.parse(delivered.at(-1)?.body ?? '');
  const sealed = { ...resource, associatedData: resource.associated_data };
  return JSON.parse(String(open(sealed, Buffer.from(provider.as?.apiV3Key ?? ''))));
}

test('an order under a provider is found by both numbers, and in its notification', async () => {
  const world = await openPaid();
  const { ask, provider, advance } = world;
  const asked = await json(await ask('GET', `${numbered}?${both}`, '', provider));
  const payer = { sp_openid: expect.any(String), sub_openid: 'oPayer' };
  expect(asked).toMatchObject({ ...merchants, trade_state: 'SUCCESS', payer });
  expect(asked).not.toHaveProperty('mchid');
  const byId = `${partner}/id/${asked.transaction_id}?${both}`;
  expect(await json(await ask('GET', byId, '', provider))).toEqual(asked);
  await advance(0);
  expect(lastResource(world)).toEqual(asked);
});

test('it is closed by its provider', async () => {
  const world = openUnderProvider();
  await place(world);
  const { ask, provider } = world;
  expect((await ask('POST', `${numbered}/close`, closing, provider)).status).toBe(204);
  expect(await json(await ask('GET', `${numbered}?${both}`, '', provider))).toMatchObject({
    trade_state: 'CLOSED',
  });
});

test('a refund and the bill name the sub-merchant', async () => {
  const world = await openPaid();
  const { ask, provider, advance } = world;
  const answer = await ask('POST', refunds, JSON.stringify(refund), provider);
  expect(await json(answer)).toMatchObject({ status: 'PROCESSING' });
  await advance(10);
  const query = await ask('GET', `${refunds}/REFUND1?sub_mchid=${SUB}`, '', provider);
  expect(await json(query)).toMatchObject({ status: 'SUCCESS' });
  expect(lastResource(world)).toMatchObject({
    sp_mchid: SP,
    sub_mchid: SUB,
    refund_status: 'SUCCESS',
  });
  await advance(DAY_S);
  const bill = `/v3/bill/tradebill?bill_date=2026-11-24&sub_mchid=${SUB}`;
  const { download_url: at } = await json(await ask('GET', bill, '', provider));
  const { pathname, search } = new URL(String(at));
  const file = await (await ask('GET', `${pathname}${search}`, '', provider)).text();
  expect(file).toContain(`\`wx0000001900000200,\`${SP},\`${SUB},`);
});

test.each<[string, number, string, (world: World) => Promise<Response>]>([
  [
    'through the direct form by its own keys',
    404,
    'ORDER_NOT_EXIST',
    (world) => world.ask('GET', `${direct}?mchid=${SUB}`),
  ],
  [
    'through the direct form by its provider',
    404,
    'ORDER_NOT_EXIST',
    (world) => world.ask('GET', `${direct}?mchid=${SP}`, '', world.provider),
  ],
  [
    'closed through the direct form',
    404,
    'ORDER_NOT_EXIST',
    (world) => world.ask('POST', `${direct}/close`, `{"mchid":"${SUB}"}`),
  ],
  [
    'refunded by its own keys',
    404,
    'RESOURCE_NOT_EXISTS',
    (world) => world.ask('POST', refunds, JSON.stringify({ ...refund, sub_mchid: undefined })),
  ],
  [
    'asked by its own keys in the provider’s form',
    401,
    'SIGN_ERROR',
    (world) => world.ask('GET', `${numbered}?${both}`),
  ],
  [
    'without its number',
    400,
    'PARAM_ERROR',
    (world) => world.ask('GET', `${numbered}?sp_mchid=${SP}`, '', world.provider),
  ],
  [
    'without its provider’s',
    400,
    'PARAM_ERROR',
    (world) => world.ask('GET', `${numbered}?sub_mchid=${SUB}`, '', world.provider),
  ],
  [
    'a refund without its number',
    400,
    'PARAM_ERROR',
    (world) =>
      world.ask(
        'POST',
        refunds,
        JSON.stringify({ ...refund, sub_mchid: undefined }),
        world.provider,
      ),
  ],
  [
    'a refund of a merchant that is no provider',
    400,
    'PARAM_ERROR',
    (world) => world.ask('POST', refunds, JSON.stringify(refund)),
  ],
  [
    'a merchant that is not the provider’s',
    403,
    'NO_AUTH',
    (world) => place(world, { sub_mchid: '1900000999' }),
  ],
  [
    'another appid of the provider',
    400,
    'APPID_MCHID_NOT_MATCH',
    (world) => place(world, { out_trade_no: 'WECHAT0002', sp_appid: appid }),
  ],
  [
    'another appid of the merchant',
    400,
    'APPID_MCHID_NOT_MATCH',
    (world) => place(world, { out_trade_no: 'WECHAT0002', sub_appid: 'wx1' }),
  ],
  [
    'a payer in the direct form',
    400,
    'PARAM_ERROR',
    (world) => place(world, { out_trade_no: 'WECHAT0002', payer: { openid: 'oPayer' } }),
  ],
])('%s: %d %s', async (_how, status, code, ask) => {
  const world = await openPaid();
  expect(await refusalIn(await ask(world))).toMatchObject({ status, code });
});

test('an order of the merchant’s own is not its provider’s', async () => {
  const world = openUnderProvider();
  await world.place();
  const asked = await world.ask('GET', `${numbered}?${both}`, '', world.provider);
  expect(await refusalIn(asked)).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
  expect(await refusalIn(await place(world))).toMatchObject({ code: 'OUT_TRADE_NO_USED' });
});
