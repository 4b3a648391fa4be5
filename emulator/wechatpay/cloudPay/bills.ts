import { gzipSync } from 'node:zlib';
import { ageOf, tradeBill } from '../bills/operations.ts';
import type { BillType } from '../bills/tradeBill.ts';
import { matching, textOf } from '../wire/fields.ts';
import { Malformed } from './errors.ts';
import type { Asked, Desk } from './operation.ts';
import { check, common, compactTimeMs, type Shape, text } from './request.ts';

const TYPES: readonly string[] = ['ALL', 'SUCCESS', 'REFUND'] satisfies BillType[];

const shape: Shape = {
  required: { nonce_str: common.nonce_str ?? textOf(1, 32), bill_date: textOf(1, 8) },
  optional: {
    sub_mch_id: textOf(1, 32),
    bill_type: textOf(1, 32),
    tar_type: matching(/^GZIP$/, '只支持GZIP'),
  },
};

/** 下载对账单: the file itself; there is none of recharge refunds (充值退款) here. */
export function downloadBill(desk: Desk, { mchid, request, apiName }: Asked): Buffer {
  check(apiName, request, shape);
  const type = text(request, 'bill_type') ?? 'ALL';
  if (type === 'RECHARGE_REFUND') throw noBill();
  if (!TYPES.includes(type)) throw new Malformed('invalid bill_type', '20001');
  const file = tradeBill(desk, mchid, dayOf(desk, String(request.bill_date)), type as BillType);
  if (file === undefined) throw noBill();
  return request.tar_type === 'GZIP' ? gzipSync(file) : Buffer.from(file);
}

function noBill(): Malformed {
  return new Malformed('No Bill Exist', '20002');
}

function dayOf({ world }: Desk, date: string): string {
  if (Number.isNaN(compactTimeMs(`${date}000000`)))
    throw new Malformed('data format error', '20001');
  const day = date.replace(/^(....)(..)(..)$/, '$1-$2-$3');
  const age = ageOf(day, world.clock.nowMs());
  if (age === 'creating') throw new Malformed('Bill Creating', '20003');
  if (age !== 'ready') throw noBill();
  return day;
}
