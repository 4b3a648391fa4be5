import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { World } from '../world/world.ts';
import { type BillType, billFile } from './billRows.ts';
import type { Ledger } from './ledger.ts';
import type { Answered, Asked } from './operations.ts';
import { Refusal } from './refusal.ts';
import { beijingDay } from './wire.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Made from 09:00 of the next day, to be fetched after 10:00. Source: D4012791866. */
const READY_AFTER_MS = 10 * HOUR_MS;
const MAX_AGE_MS = 92 * DAY_MS;
const URL_LIFE_MS = 5 * 60_000;
const TYPES: readonly string[] = ['ALL', 'SUCCESS', 'REFUND'];

interface Offer {
  mchid: string;
  day: string;
  type: BillType;
  gzip: boolean;
  untilMs: number;
}

/** Trade bills (交易账单): where one lies, and the file itself, whose answer is not signed. */
export function billOperations(world: World, ledger: Ledger) {
  const offers = world.data.table<Offer>('wechatpay_bills');
  const rows = ({ mchid, day }: Offer) => {
    const fromMs = dayStart(day);
    return ledger.paidBetween(mchid, fromMs, fromMs + DAY_MS);
  };
  return {
    tradebill: ({ mchid, url }: Asked): Answered => {
      const now = world.clock.nowMs();
      const offer = offerOf(mchid, url.searchParams, now);
      const orders = rows(offer);
      if (orders.length === 0) throw new Refusal('NO_STATEMENT_EXIST');
      const token = world.randomBytes(24).toString('base64url');
      offers.put(token, offer);
      const sha1 = createHash('sha1').update(billFile(offer.type, orders)).digest('hex');
      const downloadUrl = `${url.origin}/v3/billdownload/file?token=${token}`;
      return { json: { hash_type: 'SHA1', hash_value: sha1, download_url: downloadUrl } };
    },
    /** The file's bytes. */
    file: ({ mchid, url }: Asked): Buffer => {
      const offer = offers.get(url.searchParams.get('token') ?? '');
      if (offer?.mchid !== mchid) throw new Refusal('RESOURCE_NOT_EXISTS');
      if (world.clock.nowMs() > offer.untilMs) throw new Refusal('NO_AUTH', '下载地址已过期');
      const text = Buffer.from(billFile(offer.type, rows(offer)));
      return offer.gzip ? gzipSync(text) : text;
    },
  };
}

function offerOf(mchid: string, query: URLSearchParams, nowMs: number): Offer {
  const day = query.get('bill_date') ?? '';
  const type = query.get('bill_type') ?? 'ALL';
  const tar = query.get('tar_type');
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(dayStart(day))) {
    throw new Refusal('PARAM_ERROR', 'bill_date格式应为yyyy-MM-DD');
  }
  if (!TYPES.includes(type)) throw new Refusal('PARAM_ERROR', 'bill_type不合法');
  if (tar !== null && tar !== 'GZIP') throw new Refusal('PARAM_ERROR', 'tar_type不合法');
  if (day >= beijingDay(nowMs)) throw new Refusal('PARAM_ERROR', '不能下载当日及以后的账单');
  if (dayStart(day) < nowMs - MAX_AGE_MS)
    throw new Refusal('PARAM_ERROR', '只能下载三个月内的账单');
  if (nowMs < dayStart(day) + DAY_MS + READY_AFTER_MS) throw new Refusal('STATEMENT_CREATING');
  const untilMs = nowMs + URL_LIFE_MS;
  return { mchid, day, type: type as BillType, gzip: tar === 'GZIP', untilMs };
}

function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}
