import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { merchantPair } from '../../../../tests/support/wechatSide.ts';
import vectors from '../../../../tests/vectors/v3-paysign.json' with { type: 'json' };
import { paymentMessage } from './message.ts';
import { signPaymentParams } from './paySign.ts';
import { verify } from './sign.ts';

const { input, expected } = vectors.vectors[0]!;

test('the official paySign is one over the text that we sign', () => {
  const { appId, timeStamp, nonceStr, prepay_id } = input;
  const message = paymentMessage(appId, timeStamp, nonceStr, `prepay_id=${prepay_id}`);
  expect(message).toBe(input.message);
  expect(verify(message, expected.paySign, createPublicKey(input.public_key_pem))).toBe(true);
});

test('a payment goes into wx.requestPayment as it is', () => {
  const toPay = {
    appid: input.appId,
    prepayId: input.prepay_id,
    at: new Date(Number(input.timeStamp) * 1000 + 999),
    nonce: input.nonceStr,
  };
  const { paySign, ...payment } = signPaymentParams(toPay, merchantPair.privateKey);
  expect(payment).toEqual({
    appId: input.appId,
    timeStamp: '1554208460',
    nonceStr: input.nonceStr,
    package: `prepay_id=${input.prepay_id}`,
    signType: expected.signType,
  });
  expect(verify(input.message, paySign, merchantPair.publicKey)).toBe(true);
});
