import type { KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import type { UnifiedOrderAnswer } from '../../shared/contract/order/unifiedOrder.ts';
import { createApiV3 } from '../../shared/gateway/apiV3/client.ts';
import { paymentMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { createKeys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';
import { placedAt } from '../support/orders.ts';
import { anInvocation, memoryDeps } from '../support/useCases.ts';
import {
  keysOptions,
  merchantPair,
  next,
  nextPair,
  type Scripted,
  scripted,
  signedAnswer,
  termsAt,
} from '../support/wechatSide.ts';

type KeyPairs = Pick<Parameters<typeof createKeys>[0], 'serialNo' | 'privateKey' | 'next'>;

const first = { serialNo: keysOptions.serialNo, privateKey: keysOptions.privateKey };
const withPrepayId = (id: string) => signedAnswer(200, JSON.stringify({ prepay_id: id }), placedAt);
/** WeChat, once the first certificate was replaced in the merchant console. */
const refused = {
  status: 401,
  headers: {},
  body: Buffer.from(JSON.stringify({ code: 'SIGN_ERROR', message: '商户证书已作废' })),
};

/** A merchant's database, and instances that meet it with the keys that they were deployed with. */
function aMerchant() {
  const world = memoryDeps();
  const { outTradeNo, openid, body, totalFee, mchid, appid } = termsAt(placedAt);
  world.deps.settings = { ...world.deps.settings, merchant: { link: 'apiV3', mchid, appid } };
  async function place(pairs: KeyPairs, ...script: Scripted[]) {
    const transport = scripted(...script);
    const gateway = createApiV3({
      keys: createKeys({ ...keysOptions, ...pairs }),
      transport,
      now: () => placedAt,
      randomBytes: world.deps.randomBytes,
      apiUrl: 'https://api.mch.weixin.qq.com',
      notifyUrl: 'https://shop.example/pay/notify',
      refundNotifyUrl: 'https://shop.example/refund/notify',
    });
    const deps = { ...world.deps, gatewayOf: () => gateway };
    const caller = { kind: 'user', openid, source: 'wx_client' } as const;
    const placed = await placeOrder({ outTradeNo, body, totalFee }, deps, anInvocation(caller));
    return { placed: placed as UnifiedOrderAnswer, asked: transport.sent.length };
  }
  return { place, world, outTradeNo };
}

const isSignedBy = ({ payment }: UnifiedOrderAnswer, publicKey: KeyObject) =>
  verify(
    paymentMessage(payment.appId, payment.timeStamp, payment.nonceStr, payment.package),
    payment.paySign,
    publicKey,
  );

test('a prepay id that the old key got is signed with the new one, and kept without a signature', async () => {
  const merchant = aMerchant();
  const before = await merchant.place(first, withPrepayId('wx1'));
  expect(isSignedBy(before.placed, merchantPair.publicKey)).toBe(true);
  expect(JSON.stringify(await merchant.world.store.get(merchant.outTradeNo))).not.toContain(
    before.placed.payment.paySign,
  );
  const after = await merchant.place({ ...next });
  expect(after.asked).toBe(0);
  expect(after.placed.payment.package).toBe('prepay_id=wx1');
  expect(isSignedBy(after.placed, nextPair.publicKey)).toBe(true);
});

test('an instance that has both pairs asks which one WeChat takes before it hands out again', async () => {
  const merchant = aMerchant();
  await merchant.place(first, withPrepayId('wx1'));
  const switched = await merchant.place({ ...first, next }, refused, withPrepayId('wx2'));
  expect(isSignedBy(switched.placed, nextPair.publicKey)).toBe(true);
  const notYet = await merchant.place({ ...first, next }, withPrepayId('wx3'));
  expect(isSignedBy(notYet.placed, merchantPair.publicKey)).toBe(true);
  expect(notYet.placed.payment.package).toBe('prepay_id=wx3');
});

test('a document of before, which keeps what was signed, is signed anew', async () => {
  const merchant = aMerchant();
  const { placed } = await merchant.place(first, withPrepayId('wx1'));
  const stored = await merchant.world.store.get(merchant.outTradeNo);
  if (stored?.kind !== 'order') throw new Error('no order is stored');
  const status = { state: 'paying', payment: placed.payment, prepayIssuedAt: placedAt } as const;
  await merchant.world.store.replace({ ...stored, status }, stored.version);
  const after = await merchant.place({ ...next });
  expect(after.placed.payment.package).toBe('prepay_id=wx1');
  expect(isSignedBy(after.placed, nextPair.publicKey)).toBe(true);
});
