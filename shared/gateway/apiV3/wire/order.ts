/**
 * Writes and reads the JSON of APIv3's orders, bills, notifications and certificates, with its snake_case.
 * Pure; a text that is not as agreed throws a `Malformed` that names the field.
 */

import { beijingRfc3339 } from '../../../domain/beijing.ts';
import { TEXT_LIMITS } from '../../../domain/limits.ts';
import {
  type Evidence,
  meaningOfTradeState,
  type PaidEvidence,
  type Via,
} from '../../../domain/order/evidence.ts';
import type { Terms } from '../../../domain/order/order.ts';
import { clipToBytes } from '../../../domain/text.ts';
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

/** Makes the body that places an order. Its bytes are stored: WeChat takes a repeat only if it is equal. */
export function orderBody(terms: Terms, mode: MerchantMode, notifyUrl: string): string {
  return JSON.stringify({
    ...mode.placeFields,
    [mode.appid]: terms.appid,
    [mode.mchid]: terms.mchid,
    description: clipToBytes(terms.body, TEXT_LIMITS.body),
    out_trade_no: terms.outTradeNo,
    time_expire: beijingRfc3339(terms.expiresAt),
    ...(terms.attach === undefined ? {} : { attach: terms.attach }),
    notify_url: notifyUrl,
    amount: { total: terms.totalFee, currency: 'CNY' },
    payer: { [mode.openid]: terms.openid },
  });
}

/** Makes the body that closes an order. */
export function closeBody(mode: MerchantMode, mchid: string): string {
  return JSON.stringify(merchantFieldsOf(mode, mchid));
}

/** Makes the body that WeChat sends back (回显信息). Source: D4014551946. */
export function echoBody(message: string): string {
  return JSON.stringify({ echo_message: message });
}

/**
 * The paths of orders, bills and keys; the query string is signed with the path.
 * Sources: D4012791856, D4012791859, D4012791860, D4012791866.
 */
export const paths = {
  order: ({ transactions }: MerchantMode) => `${transactions}/jsapi`,
  query: (mode: MerchantMode, outTradeNo: string, mchid: string) =>
    `${numbered(mode, outTradeNo)}${queryOf(merchantFieldsOf(mode, mchid))}`,
  queryById: (mode: MerchantMode, transactionId: string, mchid: string) =>
    `${mode.transactions}/id/${encodeURIComponent(transactionId)}${queryOf(merchantFieldsOf(mode, mchid))}`,
  close: (mode: MerchantMode, outTradeNo: string) => `${numbered(mode, outTradeNo)}/close`,
  bill: (query: BillQuery, merchantIds: MerchantIds) =>
    `/v3/bill/${query.billType === 'FUNDFLOW' ? 'fundflowbill' : 'tradebill'}${queryOf(dayOf(query, merchantIds))}`,
  certificates: () => '/v3/certificates',
  echo: () => '/v3/security/echo',
} as const;

function numbered({ transactions }: MerchantMode, outTradeNo: string): string {
  return `${transactions}/out-trade-no/${encodeURIComponent(outTradeNo)}`;
}

function dayOf(
  { billDate, ...query }: BillQuery,
  merchantIds: MerchantIds,
): Record<string, string> {
  const day = { bill_date: billDate };
  const archive = { tar_type: 'GZIP' };
  if (query.billType === 'FUNDFLOW') return { ...day, account_type: query.accountType, ...archive };
  return { ...day, bill_type: query.billType, ...archive, ...subMerchantOf(merchantIds) };
}

/** Reads the message that WeChat sent back. */
export function readEcho(body: Uint8Array): string {
  return readFields(body).word('echo_message');
}

/** Reads the answer to an order: its prepay id (预支付交易会话标识). */
export function readPrepayId(body: Uint8Array): string {
  return readFields(body).word('prepay_id');
}

/** An order as WeChat reports it, with the numbers that name it. */
export interface OrderRead {
  evidence: Evidence;
  merchantIds: MerchantIds;
  transactionId?: string;
}

/** Reads an order as queries answer it and notifications carry it. */
export function readOrder(body: Uint8Array, mode: MerchantMode, via: Via): OrderRead {
  const order = readFields(body);
  const evidence = evidenceOf(order, mode, via);
  const merchantIds = readMerchantIds(order, mode);
  const transactionId = order.optional((each) => each.word('transaction_id'));
  return { evidence, merchantIds, ...(transactionId === undefined ? {} : { transactionId }) };
}

function evidenceOf(order: Fields, mode: MerchantMode, via: Via): Evidence {
  const outTradeNo = order.word('out_trade_no');
  const tradeState = order.word('trade_state');
  const kind = meaningOfTradeState(tradeState);
  if (kind !== 'paid') return { kind, via, outTradeNo, code: tradeState };
  return paidEvidence(order, mode, via, tradeState === 'REFUND' ? 'REFUND' : 'SUCCESS');
}

function paidEvidence(
  order: Fields,
  mode: MerchantMode,
  via: Via,
  tradeState: PaidEvidence['tradeState'],
): PaidEvidence {
  // A refunded order may lack what a payment always has: that it was paid is certain all the same.
  const read = <T>(how: (each: Fields) => T): T | undefined =>
    tradeState === 'REFUND' ? order.optional(how) : how(order);
  const amount = read((each) => each.object('amount'));
  const totalFee = read((each) => each.object('amount').fen('total'));
  const paidAt = read((each) => each.instant('success_time'));
  const payer = order.has('payer') ? order.object('payer') : undefined;
  return {
    kind: 'paid',
    via,
    outTradeNo: order.word('out_trade_no'),
    tradeState,
    transactionId: order.word('transaction_id'),
    ...(totalFee === undefined ? {} : { totalFee }),
    // Optional in the documents, which allow no other currency for merchants of the mainland.
    currency: amount?.has('currency') ? amount.word('currency') : 'CNY',
    ...readMerchantIds(order, mode),
    ...(order.has(mode.appid) ? { appid: order.word(mode.appid) } : {}),
    ...(payer?.has(mode.openid) ? { openid: payer.word(mode.openid) } : {}),
    ...(paidAt ? { paidAt } : {}),
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

/** The most certificates that a list may have; a merchant has one or two, and all stay in memory. */
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
