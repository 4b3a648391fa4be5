import { describe, expect, test } from 'vitest';
import { openSecret } from '../../../emulator/wechatpay/keys/secretField.ts';
import { aReceipt } from '../../../tests/support/orders.ts';
import {
  certificateList,
  endedRefund,
  keysOptions,
  paidOrder,
  platform,
  platformPair,
  type Scripted,
  scripted,
  signedAnswer,
  signers,
  termsAt,
  wechatPair,
} from '../../../tests/support/wechatSide.ts';
import { beginOrder, type Order } from '../../domain/order/order.ts';
import { createApiV3 } from './client.ts';
import { createKeys, type KeysOptions } from './keys/keys.ts';

const now = new Date('2026-11-24T09:07:12Z');
const numbers = { outRefundNo: 'REFUND0001', refundId: endedRefund.refund_id };
const card = {
  type: 'USER_BANK_CARD',
  bankType: 'ICBC_DEBIT',
  bankAccount: '6222020000000004321',
  realName: '欧阳𬱖',
} as const;
const order: Order = {
  ...beginOrder(termsAt(now), '{}'),
  status: { state: 'paid', receipt: { ...aReceipt, transactionId: paidOrder.transaction_id } },
};
const { mchid: _m, refund_status: _s, success_time: _t, ...common } = endedRefund;
const taken = (by = signers.publicKey) =>
  signedAnswer(200, JSON.stringify({ ...common, status: 'ABNORMAL' }), now, by);

function open(keysGiven: KeysOptions, ...script: Scripted[]) {
  const transport = scripted(...script);
  const gateway = createApiV3({
    keys: createKeys(keysGiven),
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count).fill(1),
    apiUrl: 'https://api.mch.weixin.qq.com',
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  return { gateway, sent: transport.sent };
}

const { publicKey: _public, ...withoutKey } = keysOptions;

describe('a card goes out so that only WeChat can read it', () => {
  test.each<[string, KeysOptions, string, typeof wechatPair, Scripted[]]>([
    ['its public key', keysOptions, keysOptions.publicKey.id, wechatPair, [taken()]],
    [
      'its public key, though there is a certificate too',
      { ...keysOptions, certificates: [platform] },
      keysOptions.publicKey.id,
      wechatPair,
      [taken()],
    ],
    [
      'a platform certificate',
      { ...withoutKey, certificates: [platform] },
      platform.serial,
      platformPair,
      [taken(signers.certificate)],
    ],
    [
      'a platform certificate that is downloaded first',
      { ...withoutKey, downloads: true },
      platform.serial,
      platformPair,
      [certificateList(now), taken(signers.certificate)],
    ],
  ])('with %s, and the header names that key', async (_by, keysGiven, serial, pair, script) => {
    const { gateway, sent } = open(keysGiven, ...script);
    expect(await gateway.applyAbnormalRefund(order, numbers, card, 3000)).toMatchObject({
      kind: 'abnormal',
      outRefundNo: 'REFUND0001',
    });
    const { method, url, headers, body = '' } = sent.at(-1)!;
    expect(`${method} ${url}`).toBe(
      `POST https://api.mch.weixin.qq.com/v3/refund/domestic/refunds/${endedRefund.refund_id}/apply-abnormal-refund`,
    );
    expect(headers['Wechatpay-Serial']).toBe(serial);
    const { bank_account: account, real_name: name, ...plain } = JSON.parse(body);
    expect(plain).toEqual({
      out_refund_no: 'REFUND0001',
      type: 'USER_BANK_CARD',
      bank_type: 'ICBC_DEBIT',
    });
    expect(openSecret(account, pair.privateKey)).toBe(card.bankAccount);
    expect(openSecret(name, pair.privateKey)).toBe(card.realName);
  });
});

test('to the merchant’s own account nothing secret is sent', async () => {
  const { gateway, sent } = open(keysOptions, taken());
  await gateway.applyAbnormalRefund(order, numbers, { type: 'MERCHANT_BANK_CARD' }, 3000);
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    out_refund_no: 'REFUND0001',
    type: 'MERCHANT_BANK_CARD',
  });
});

describe('when WeChat refuses', () => {
  const refused = (code: string, message: string) => ({
    status: 400,
    headers: {},
    body: Buffer.from(JSON.stringify({ code, message, detail: { field: 'bank_account' } })),
  });
  const cannotOpen = '敏感信息解密失败，请检查加密公钥与Wechatpay-Serial是否一致';

  test.each([
    ['PARAM_ERROR', cannotOpen, 'ENCRYPTION_KEY_WRONG'],
    ['PARAM_ERROR', '银行类型不正确', undefined],
    ['INVALID_REQUEST', '退款单状态不是退款异常', undefined],
  ])('%s %s: the cause is %s, and the card is in no error', async (code, message, cause) => {
    const { gateway } = open(keysOptions, refused(code, message));
    const error = await gateway
      .applyAbnormalRefund(order, numbers, card, 3000)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code, retry: 'never' });
    expect(error.cause?.code).toBe(cause);
    for (const secret of [card.bankAccount, card.realName]) {
      expect(`${error.stack} ${JSON.stringify(error)} ${error.cause?.stack}`).not.toContain(secret);
    }
  });

  test('a lost answer is no refusal: the outcome is to be asked for', async () => {
    const { gateway } = open(keysOptions, new Error('reset'));
    await expect(gateway.applyAbnormalRefund(order, numbers, card, 3000)).rejects.toMatchObject({
      code: 'ANSWER_LOST',
      retry: 'query_first',
    });
  });

  test('an order of another merchant number is not sent', async () => {
    const { gateway, sent } = open(keysOptions);
    const strange = { ...order, mchid: '1900000999' };
    await expect(gateway.applyAbnormalRefund(strange, numbers, card, 3000)).rejects.toMatchObject({
      code: 'MERCHANT_NOT_CONFIGURED',
    });
    expect(sent).toEqual([]);
  });

  test('an answer about another refund is not believed', async () => {
    const { gateway } = open(keysOptions, taken());
    const other = { ...numbers, outRefundNo: 'REFUND0002' };
    await expect(gateway.applyAbnormalRefund(order, other, card, 3000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
    });
  });
});
