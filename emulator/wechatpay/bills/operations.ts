import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { World } from '../../world/world.ts';
import { RefusalError } from '../errors.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { type Owner, ownerOf } from '../wire/owner.ts';
import { billAge, dayStartMs } from './day.ts';
import { type FundAccount, fundFlowBill, isFundAccount } from './fundFlowBill.ts';
import { type BillDeps, isTradeBillType, type TradeBillType, tradeBill } from './tradeBill.ts';

const URL_LIFE_MS = 5 * 60_000;

type BillChoice =
  | { kind: 'trade'; type: TradeBillType }
  | { kind: 'fund_flow'; account: FundAccount };

interface Offer extends Owner {
  day: string;
  bill: BillChoice;
  gzip: boolean;
  untilMs: number;
}

const STORED_OFFER = z.strictObject({
  mchid: z.string(),
  spMchid: z.optional(z.string()),
  day: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)),
  bill: z.union([
    z.strictObject({ kind: z.literal('trade'), type: z.string().check(z.refine(isTradeBillType)) }),
    z.strictObject({
      kind: z.literal('fund_flow'),
      account: z.string().check(z.refine(isFundAccount)),
    }),
  ]),
  gzip: z.boolean(),
  untilMs: z.int(),
} satisfies Record<keyof Offer, z.ZodMiniType>);

/** Answers for bills: where one lies, and the file itself, whose answer is not signed. */
export interface BillOperations {
  /** Offers a trade bill (申请交易账单). */
  tradeBill(request: OperationRequest): OperationAnswer;
  /** Offers a fund-flow bill (申请资金账单). */
  fundFlowBill(request: OperationRequest): OperationAnswer;
  /** Answers the bytes of a bill that was offered (下载账单). */
  file(request: OperationRequest): Buffer;
  /** Forgets every address. */
  clear(): void;
  /** Takes over the addresses that the data file holds now; throws where one is of another form. */
  reload(): void;
}

/** Opens the bills; addresses that were given are in the data file. */
export function openBillOperations(world: World, deps: BillDeps): BillOperations {
  const offers = world.data.table<Offer>('wechatpay_bills');
  const offer = (request: OperationRequest, bill: BillChoice): OperationAnswer => {
    const { searchParams, origin } = request.url;
    const nowMs = world.clock.nowMs();
    const { day, gzip } = readSpan(searchParams, nowMs);
    const offered = { ...ownerOf(request), day, bill, gzip, untilMs: nowMs + URL_LIFE_MS };
    const text = textOf(deps, offered);
    if (text === undefined) throw new RefusalError('NO_STATEMENT_EXIST');
    const token = world.randomBytes(24).toString('base64url');
    offers.put(token, offered);
    const sha1 = createHash('sha1').update(text).digest('hex');
    const downloadUrl = `${origin}/v3/billdownload/file?token=${token}`;
    return { json: { hash_type: 'SHA1', hash_value: sha1, download_url: downloadUrl } };
  };
  return {
    tradeBill: (request) => {
      const type = request.url.searchParams.get('bill_type') ?? 'ALL';
      if (!isTradeBillType(type)) throw new RefusalError('PARAM_ERROR', 'bill_type不合法');
      return offer(request, { kind: 'trade', type });
    },
    fundFlowBill: (request) => {
      const account = request.url.searchParams.get('account_type') ?? 'BASIC';
      if (!isFundAccount(account)) throw new RefusalError('PARAM_ERROR', 'account_type不合法');
      return offer(request, { kind: 'fund_flow', account });
    },
    file: ({ mchid, url }) => {
      const found = offers.get(url.searchParams.get('token') ?? '');
      if (!found || (found.spMchid ?? found.mchid) !== mchid)
        throw new RefusalError('RESOURCE_NOT_EXISTS');
      if (world.clock.nowMs() > found.untilMs) throw new RefusalError('NO_AUTH', '下载地址已过期');
      const bytes = Buffer.from(textOf(deps, found) ?? '');
      return found.gzip ? gzipSync(bytes) : bytes;
    },
    clear: () => {
      world.data.db.exec('DELETE FROM wechatpay_bills');
    },
    reload: () => {
      for (const [, offered] of offers.all()) STORED_OFFER.parse(offered);
    },
  };
}

/** Prints the file; undefined on a day when nothing happened. */
function textOf(deps: BillDeps, { mchid, day, bill }: Offer): string | undefined {
  if (bill.kind === 'trade') return tradeBill(deps, mchid, day, bill.type);
  return fundFlowBill(deps, mchid, day, bill.account);
}

function readSpan(query: URLSearchParams, nowMs: number): Pick<Offer, 'day' | 'gzip'> {
  const day = query.get('bill_date') ?? '';
  const tar = query.get('tar_type');
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(dayStartMs(day)))
    throw new RefusalError('PARAM_ERROR', 'bill_date格式应为yyyy-MM-DD');
  if (tar !== null && tar !== 'GZIP') throw new RefusalError('PARAM_ERROR', 'tar_type不合法');
  const age = billAge(day, nowMs);
  if (age === 'not_over') throw new RefusalError('PARAM_ERROR', '不能下载当日及以后的账单');
  if (age === 'too_old') throw new RefusalError('PARAM_ERROR', '只能下载三个月内的账单');
  if (age === 'creating') throw new RefusalError('STATEMENT_CREATING');
  return { day, gzip: tar === 'GZIP' };
}
