import { gzipSync } from 'node:zlib';
import { billAge } from '../bills/day.ts';
import { isTradeBillType, tradeBill } from '../bills/tradeBill.ts';
import { matching, textOf } from '../wire/fields.ts';
import { MalformedRequestError } from './errors.ts';
import {
  check,
  compactTimeMs,
  type MethodDeps,
  type MethodRequest,
  type Shape,
  text,
} from './request.ts';

const SHAPE: Shape = {
  required: { bill_date: textOf(1, 8) },
  optional: {
    sub_mch_id: textOf(1, 32),
    bill_type: textOf(1, 32),
    tar_type: matching(/^GZIP$/, '只支持GZIP'),
  },
};

/** Answers a bill (下载对账单): the file itself; there is none of recharge refunds (充值退款) here. */
export function downloadBill(deps: MethodDeps, request: MethodRequest): Buffer {
  check(request, SHAPE);
  const { json, mchid } = request;
  const type = text(json, 'bill_type') ?? 'ALL';
  if (type === 'RECHARGE_REFUND') throw noBill();
  if (!isTradeBillType(type)) throw new MalformedRequestError('invalid bill_type', '20001');
  const day = readyDay(deps, String(json.bill_date));
  const file = tradeBill(deps, mchid, day, type);
  if (file === undefined) throw noBill();
  return json.tar_type === 'GZIP' ? gzipSync(file) : Buffer.from(file);
}

function noBill(): MalformedRequestError {
  return new MalformedRequestError('No Bill Exist', '20002');
}

function readyDay({ world }: MethodDeps, date: string): string {
  if (Number.isNaN(compactTimeMs(`${date}000000`)))
    throw new MalformedRequestError('data format error', '20001');
  const day = date.replace(/^(....)(..)(..)$/, '$1-$2-$3');
  const age = billAge(day, world.clock.nowMs());
  if (age === 'creating') throw new MalformedRequestError('Bill Creating', '20003');
  if (age !== 'ready') throw noBill();
  return day;
}
