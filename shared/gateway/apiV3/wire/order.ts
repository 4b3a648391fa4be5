/**
 * The JSON of APIv3, and the only place with its snake_case: what we say to WeChat Pay, and what its
 * words mean to us. Pure; a text that is not as agreed throws a `Malformed` that names the field.
 */

import { beijingRfc3339 } from '../../../domain/beijing.ts';
import {
  type Evidence,
  meaningOfTradeState,
  type PaidEvidence,
  type Via,
} from '../../../domain/order/evidence.ts';
import type { Terms } from '../../../domain/order/order.ts';
import type { BillQuery } from '../../../ports/gateway.ts';
import { type Fields, Malformed, readFields } from '../../read.ts';
import type { Sealed } from '../crypto/aead.ts';
import {
  type MerchantIds,
  type MerchantMode,
  merchantFieldsOf,
  queryOf,
  readMerchantIds,
  subMerchantOf,
} from './merchantMode.ts';

/** The body that places an order. Its bytes are kept: WeChat takes a repeat only if it is equal. */
export function orderBody(terms: Terms, form: MerchantMode, notifyUrl: string): string {
  return JSON.stringify({
    ...form.places,
    [form.appid]: terms.appid,
    [form.mchid]: terms.mchid,
    description: terms.body,
    out_trade_no: terms.outTradeNo,
    time_expire: beijingRfc3339(terms.expiresAt),
    ...(terms.attach === undefined ? {} : { attach: terms.attach }),
    notify_url: notifyUrl,
    amount: { total: terms.totalFee, currency: 'CNY' },
    payer: { [form.openid]: terms.openid },
  });
}

/** The body that closes an order. */
export function closeBody(form: MerchantMode, mchid: string): string {
  return JSON.stringify(merchantFieldsOf(form, mchid));
}

/** The body that WeChat says back (回显信息). Source: D4014551946. */
export function echoBody(message: string): string {
  return JSON.stringify({ echo_message: message });
}

/**
 * Where each question is asked; the query string is signed with the path.
 * Sources: D4012791856, D4012791859, D4012791860, D4012791866.
 */
export const paths = {
  order: ({ transactions }: MerchantMode) => `${transactions}/jsapi`,
  query: (form: MerchantMode, outTradeNo: string, mchid: string) =>
    `${numbered(form, outTradeNo)}${queryOf(merchantFieldsOf(form, mchid))}`,
  queryById: (form: MerchantMode, transactionId: string, mchid: string) =>
    `${form.transactions}/id/${encodeURIComponent(transactionId)}${queryOf(merchantFieldsOf(form, mchid))}`,
  close: (form: MerchantMode, outTradeNo: string) => `${numbered(form, outTradeNo)}/close`,
  bill: (query: BillQuery, whose: MerchantIds) =>
    `/v3/bill/${query.billType === 'FUNDFLOW' ? 'fundflowbill' : 'tradebill'}${queryOf(dayOf(query, whose))}`,
  certificates: () => '/v3/certificates',
  echo: () => '/v3/security/echo',
} as const;

function numbered({ transactions }: MerchantMode, outTradeNo: string): string {
  return `${transactions}/out-trade-no/${encodeURIComponent(outTradeNo)}`;
}

function dayOf({ billDate, ...query }: BillQuery, whose: MerchantIds): Record<string, string> {
  const day = { bill_date: billDate };
  const form = { tar_type: 'GZIP' };
  if (query.billType === 'FUNDFLOW') return { ...day, account_type: query.accountType, ...form };
  return { ...day, bill_type: query.billType, ...form, ...subMerchantOf(whose) };
}

/** Reads what WeChat said back. */
export function readEcho(body: Uint8Array): string {
  return readFields(body).word('echo_message');
}

/** Reads the answer to an order: its prepay id (预支付交易会话标识). */
export function readPrepayId(body: Uint8Array): string {
  return readFields(body).word('prepay_id');
}

/** An order as WeChat reports it, with the numbers that tell which order it speaks of. */
export interface OrderRead {
  evidence: Evidence;
  merchantIds: MerchantIds;
  transactionId?: string;
}

/** Reads an order as queries answer it and notifications carry it. */
export function readOrder(body: Uint8Array, form: MerchantMode, via: Via): OrderRead {
  const order = readFields(body);
  const evidence = evidenceOf(order, form, via);
  const whose = readMerchantIds(order, form);
  if (!order.has('transaction_id')) return { evidence, merchantIds: whose };
  return { evidence, merchantIds: whose, transactionId: order.word('transaction_id') };
}

function evidenceOf(order: Fields, form: MerchantMode, via: Via): Evidence {
  const outTradeNo = order.word('out_trade_no');
  const word = order.word('trade_state');
  const is = meaningOfTradeState(word);
  if (is !== 'paid') return { kind: is, via, outTradeNo, code: word };
  return paidEvidence(order, form, via, word === 'REFUND' ? 'REFUND' : 'SUCCESS');
}

function paidEvidence(
  order: Fields,
  form: MerchantMode,
  via: Via,
  tradeState: PaidEvidence['tradeState'],
): PaidEvidence {
  const amount = order.object('amount');
  const payer = order.has('payer') ? order.object('payer') : undefined;
  return {
    kind: 'paid',
    via,
    outTradeNo: order.word('out_trade_no'),
    tradeState,
    transactionId: order.word('transaction_id'),
    totalFee: amount.fen('total'),
    // Optional in the documents, which allow no other currency for merchants of the mainland.
    currency: amount.has('currency') ? amount.word('currency') : 'CNY',
    ...readMerchantIds(order, form),
    ...(order.has(form.appid) ? { appid: order.word(form.appid) } : {}),
    ...(payer?.has(form.openid) ? { openid: payer.word(form.openid) } : {}),
    paidAt: order.instant('success_time'),
  };
}

/** Where a bill lies, and the SHA1 of its bytes once they are decompressed, in lower case. */
export interface BillPlace {
  sha1: string;
  downloadUrl: string;
}

/** Reads the answer to a request for a bill. */
export function readBillPlace(body: Uint8Array): BillPlace {
  const bill = readFields(body);
  const sha1 = bill.word('hash_value').toLowerCase();
  if (bill.word('hash_type') !== 'SHA1') throw new Malformed('hash_type');
  if (!/^[0-9a-f]{40}$/.test(sha1)) throw new Malformed('hash_value');
  return { sha1, downloadUrl: bill.word('download_url') };
}

/** A notification as it was signed; the resource is still sealed. */
export interface NotificationRead {
  id: string;
  eventType: string;
  algorithm: string;
  sealed: Sealed;
}

/** Reads the body of a notification (回调通知). */
export function readNotification(body: Uint8Array): NotificationRead {
  const notification = readFields(body);
  const resource = notification.object('resource');
  return {
    id: notification.word('id'),
    eventType: notification.word('event_type'),
    algorithm: resource.word('algorithm'),
    sealed: readSealed(resource),
  };
}

function readSealed(box: Fields): Sealed {
  return {
    ciphertext: box.text('ciphertext'),
    nonce: box.text('nonce'),
    associatedData: box.has('associated_data') ? box.text('associated_data') : '',
  };
}

/** A platform certificate as it is listed; still sealed. */
export interface CertificateRead {
  serial: string;
  expiresAt: Date;
  sealed: Sealed;
}

/** A merchant has one or two; a list beyond that is none that we keep in memory. */
const CERTIFICATES_MAX = 16;

/** Reads the list of platform certificates (平台证书列表). */
export function readCertificateList(body: Uint8Array): CertificateRead[] {
  return readFields(body)
    .objects('data', CERTIFICATES_MAX)
    .map((listed) => ({
      serial: listed.word('serial_no'),
      expiresAt: listed.instant('expire_time'),
      sealed: readSealed(listed.object('encrypt_certificate')),
    }));
}
