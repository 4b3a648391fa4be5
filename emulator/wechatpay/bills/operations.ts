import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { World } from '../../world/world.ts';
import { Refusal } from '../errors.ts';
import type { Books } from '../notifications/notification.ts';
import type { Answered, Asked } from '../orders/operations.ts';
import { beijingDay } from '../orders/wire.ts';
import { type Owner, ownerOf } from '../wire/owner.ts';
import { type Flow, flowsOfPayment, flowsOfRefund, fundFlowFile } from './fundFlow.ts';
import { type BillDay, type BillType, billFile } from './tradeBill.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** To be fetched after 10:00 of the next day. Source: D4012791866. */
const READY_AFTER_MS = 10 * HOUR_MS;
const MAX_AGE_MS = 92 * DAY_MS;
const URL_LIFE_MS = 5 * 60_000;
const TYPES: readonly string[] = ['ALL', 'SUCCESS', 'REFUND'];
const ACCOUNTS: readonly string[] = ['BASIC', 'OPERATION', 'FEES'];

interface Offer extends Owner {
  day: string;
  type: BillType | Account;
  gzip: boolean;
  untilMs: number;
}
type Account = 'BASIC' | 'OPERATION' | 'FEES';

/**
 * Trade bills (交易账单) and fund-flow bills (资金账单): where one lies, and the file itself, whose answer
 * is not signed.
 */
export function billOperations(world: World, books: Books) {
  const offers = world.data.table<Offer>('wechatpay_bills');
  const offered = (offer: Offer, { origin }: URL): Answered => {
    const text = textOf(books, offer);
    if (text === undefined) throw new Refusal('NO_STATEMENT_EXIST');
    const token = world.randomBytes(24).toString('base64url');
    offers.put(token, offer);
    const sha1 = createHash('sha1').update(text).digest('hex');
    const downloadUrl = `${origin}/v3/billdownload/file?token=${token}`;
    return { json: { hash_type: 'SHA1', hash_value: sha1, download_url: downloadUrl } };
  };
  const ask = (asked: Asked, name: string, types: readonly string[], usual: string) => {
    const { url } = asked;
    const type = url.searchParams.get(name) ?? usual;
    if (!types.includes(type)) throw new Refusal('PARAM_ERROR', `${name}不合法`);
    const { day, gzip } = spanOf(url.searchParams, world.clock.nowMs());
    const untilMs = world.clock.nowMs() + URL_LIFE_MS;
    return offered({ ...ownerOf(asked), day, type: type as Offer['type'], gzip, untilMs }, url);
  };
  return {
    tradebill: (asked: Asked): Answered => ask(asked, 'bill_type', TYPES, 'ALL'),
    fundflowbill: (asked: Asked): Answered => ask(asked, 'account_type', ACCOUNTS, 'BASIC'),
    /** The file's bytes. */
    file: ({ mchid, url }: Asked): Buffer => {
      const offer = offers.get(url.searchParams.get('token') ?? '');
      if (!offer || (offer.spMchid ?? offer.mchid) !== mchid)
        throw new Refusal('RESOURCE_NOT_EXISTS');
      if (world.clock.nowMs() > offer.untilMs) throw new Refusal('NO_AUTH', '下载地址已过期');
      const text = Buffer.from(textOf(books, offer) ?? '');
      return offer.gzip ? gzipSync(text) : text;
    },
  };
}

/** The file's text; undefined on a day when nothing happened. */
function textOf(books: Books, { mchid, day, type }: Offer): string | undefined {
  const fromMs = dayStart(day);
  const toMs = fromMs + DAY_MS;
  if (type === 'OPERATION' || type === 'FEES') return undefined; // Nothing here moves them.
  if (type === 'BASIC') {
    const flows = flowsBefore(books, mchid, toMs);
    const todays = flows.filter(({ atMs }) => atMs >= fromMs);
    if (todays.length === 0) return undefined;
    const before = flows.slice(0, flows.length - todays.length);
    return fundFlowFile(
      todays,
      before.reduce((sum, { amount }) => sum + amount, 0),
    );
  }
  return tradeBill(books, mchid, day, type);
}

/** A day's trade bill, orders of both links in it; undefined on a day when nothing happened. */
export function tradeBill(
  books: Books,
  mchid: string,
  day: string,
  type: BillType,
): string | undefined {
  const fromMs = dayStart(day);
  const trades = tradesOf(books, mchid, fromMs, fromMs + DAY_MS);
  const none = trades.payments.length === 0 && trades.refunds.length === 0;
  return none ? undefined : billFile(type, trades);
}

function tradesOf(
  { ledger, refunds }: Books,
  mchid: string,
  fromMs: number,
  toMs: number,
): BillDay {
  return {
    payments: ledger.paidBetween(mchid, fromMs, toMs),
    refunds: refunds.acceptedBetween(mchid, fromMs, toMs).flatMap((refund) => {
      const order = ledger.find(mchid, refund.outTradeNo);
      return order ? [{ refund, order }] : [];
    }),
    endMs: toMs,
  };
}

/** Every movement of the basic account until then, in order of time: the balance needs them all. */
function flowsBefore({ ledger, refunds }: Books, mchid: string, toMs: number): Flow[] {
  return [
    ...ledger.paidBetween(mchid, 0, toMs).flatMap(flowsOfPayment),
    ...refunds.acceptedBetween(mchid, 0, toMs).flatMap(flowsOfRefund),
  ]
    .filter(({ atMs }) => atMs < toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

function spanOf(query: URLSearchParams, nowMs: number): Pick<Offer, 'day' | 'gzip'> {
  const day = query.get('bill_date') ?? '';
  const tar = query.get('tar_type');
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(dayStart(day))) {
    throw new Refusal('PARAM_ERROR', 'bill_date格式应为yyyy-MM-DD');
  }
  if (tar !== null && tar !== 'GZIP') throw new Refusal('PARAM_ERROR', 'tar_type不合法');
  const age = ageOf(day, nowMs);
  if (age === 'not_over') throw new Refusal('PARAM_ERROR', '不能下载当日及以后的账单');
  if (age === 'too_old') throw new Refusal('PARAM_ERROR', '只能下载三个月内的账单');
  if (age === 'creating') throw new Refusal('STATEMENT_CREATING');
  return { day, gzip: tar === 'GZIP' };
}

/** What the bill of a day (`2026-11-24`) is at an instant. */
export function ageOf(day: string, nowMs: number): 'not_over' | 'creating' | 'ready' | 'too_old' {
  if (day >= beijingDay(nowMs)) return 'not_over';
  if (dayStart(day) < nowMs - MAX_AGE_MS) return 'too_old';
  return nowMs < dayStart(day) + DAY_MS + READY_AFTER_MS ? 'creating' : 'ready';
}

function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}
