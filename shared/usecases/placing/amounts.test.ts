import { describe, expect, test } from 'vitest';
import { aGateway, memoryDeps } from '../../../tests/support/useCases.ts';
import { unifiedOrder } from '../../contract/order/unifiedOrder.ts';
import { signServiceCall } from '../../contract/serviceCall.ts';
import type { PriceSource } from '../../ports/settings.ts';
import { pipeline } from '../../runtime/invocation/pipeline.ts';
import { placeOrder } from './placeOrder.ts';

const PRICE = 3980;
const key = 'a-service-key-of-32-characters-or-more';
const callee = { name: 'unifiedOrder', envId: 'shop-1a2b3c', appid: 'wx0000000000000001' } as const;
const SOURCES: PriceSource[] = ['service', 'quote', 'client'];
const named = { body: '茶', outTradeNo: 'MINE0001' };
const request = { productId: 'latte' };

/** The calls by which an order begins, each with what it sends beside an amount. */
const CALLS: [string, 'user' | 'admin' | 'service', object][] = [
  ['a user', 'user', named],
  ['a user who asks for a quote', 'user', { request }],
  ['an admin', 'admin', named],
  ['an admin who asks for a quote', 'admin', { request }],
  ['the server', 'service', { ...named, openid: 'oPayer' }],
  ['the server, for a purchase', 'service', { body: '茶', openid: 'oPayer', purchaseId: 'cart-7' }],
];

/** Amounts that are none, or not the price. */
const AMOUNTS: [string, unknown][] = [
  ['0', 0],
  ['a negative one', -PRICE],
  ['a fraction', 39.8],
  ['a fraction of a fen', PRICE + 1e-9],
  ['beyond WeChat’s', 2_147_483_648],
  ['beyond whole numbers', 1e21],
  ['text', String(PRICE)],
  ['text of another form', '0x1'],
  ['a list', [PRICE]],
  ['an object', { valueOf: 1 }],
  ['true', true],
  ['null', null],
];

/** Calls the function as the platform does, where the merchant's function would ask {@link PRICE}. */
async function callWith(
  priceSource: PriceSource,
  kind: 'user' | 'admin' | 'service',
  data: object,
) {
  const { deps, store } = memoryDeps(aGateway(), priceSource);
  const answer = { errCode: 0, body: '拿铁', totalFee: PRICE };
  const askPrice = async () => ({ kind: 'answered', answer }) as const;
  const main = pipeline(unifiedOrder, placeOrder, {
    config: { adminOpenids: ['oAdmin'], serviceKeys: [key], ...callee },
    clock: deps.clock,
    print: () => {},
    depsOf: () => ({ ...deps, askPrice }),
  });
  const event =
    kind === 'service' ? signServiceCall(callee, data, key, deps.clock.now().getTime()) : data;
  const openid = kind === 'admin' ? 'oAdmin' : 'oPayer';
  const client = { TCB_SOURCE: 'wx_client', WX_OPENID: openid };
  const environment = kind === 'service' ? { TCB_SOURCE: 'scf' } : client;
  const result = await main(JSON.parse(JSON.stringify(event)), {
    request_id: 'r1',
    environment: JSON.stringify(environment),
    getRemainingTimeInMillis: () => 20_000,
  });
  return { result: result as { errCode: unknown }, orders: store.all() };
}

describe.each(CALLS)('%s', (_call, kind, sent) => {
  describe.each(SOURCES)('where the price source is %s', (priceSource) => {
    test.each(AMOUNTS)('an amount that is %s begins no order', async (_what, totalFee) => {
      const { result, orders } = await callWith(priceSource, kind, { ...sent, totalFee });
      expect(result).toMatchObject({ errCode: 'PARAM_ERROR' });
      expect(orders).toEqual([]);
    });

    test('no amount, and one of the caller’s own, begin an order only at a price of whom it is', async () => {
      const mayName = kind === 'service' || priceSource === 'client';
      for (const amount of [{}, { totalFee: 1 }, { totalFee: PRICE }]) {
        const { orders } = await callWith(priceSource, kind, { ...sent, ...amount });
        const { totalFee } = amount as { totalFee?: number };
        const isQuoted = kind !== 'service' && priceSource === 'quote' && 'request' in sent;
        const own = mayName && totalFee !== undefined && !('request' in sent) ? [totalFee] : [];
        const quoted = totalFee === undefined || totalFee === PRICE ? [PRICE] : [];
        expect(orders.map((one) => one.totalFee)).toEqual(isQuoted ? quoted : own);
      }
    });
  });
});
