import type { KeyObject } from 'node:crypto';
import { type PaymentParams, PREPAY_PACKAGE } from '../../../domain/order/order.ts';
import { paymentMessage } from './message.ts';
import { sign } from './sign.ts';

/** A prepay id and what else differs from one payment to the next. */
export interface PrepayToSign {
  appid: string;
  prepayId: string;
  at: Date;
  /** Drawn anew for each payment; at most 32 letters and digits. */
  nonce: string;
}

/**
 * Makes the payment params of `wx.requestPayment` (调起支付) of a prepay id: the package is
 * `prepay_id=…`, the time is in whole seconds. Source: D4012365341.
 */
export function signPaymentParams(
  { appid, prepayId, at, nonce }: PrepayToSign,
  privateKey: KeyObject,
): PaymentParams {
  const timeStamp = String(Math.floor(at.getTime() / 1000));
  const packageText = `${PREPAY_PACKAGE}${prepayId}`;
  const paySign = sign(paymentMessage(appid, timeStamp, nonce, packageText), privateKey);
  return {
    appId: appid,
    timeStamp,
    nonceStr: nonce,
    package: packageText,
    signType: 'RSA',
    paySign,
  };
}
