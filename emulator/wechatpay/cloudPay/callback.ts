import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { Callee, LedgerOrder, Try } from '../orders/ledger.ts';
import type { LedgerRefund, RefundStatus } from '../refunds/ledger.ts';
import { refundFields, refundLies } from '../refunds/v2Fields.ts';
import { compactTime, nonceOf, PROVIDER, providerOpenid } from './wire.ts';

/** A cloud function called by the platform because of a payment or a refund (云支付回调). */
export interface Callback extends Callee {
  /** The payer: the platform says who it is, beside the event. */
  openid: string;
  /** Plain fields: nothing is signed and nothing is sealed. The platform adds `userInfo`. */
  event: Record<string, unknown>;
}

/** Calls a function; answers what it returned, or that it failed or is not there. */
export type CallFunction = (
  callback: Callback,
) => Promise<{ result: unknown } | 'error' | 'unreachable'>;

/** What a callback is about; `lies` of a fault's code change its event. */
export interface Calling extends Callback {
  lies: Record<string, Record<string, unknown>>;
}

/** Makes a callback, with a nonce of its own at every try. */
export function callbackOf(world: World, { lies, ...callback }: Calling, fault?: Fault): Callback {
  const lie = fault?.kind === 'mutated' ? lies[fault.code ?? ''] : undefined;
  return { ...callback, event: { ...callback.event, nonceStr: nonceOf(world), ...lie } };
}

/** How a try went: only `{errcode: 0}` acknowledges (200); another errcode is told as it is. */
export async function statusOf(called: ReturnType<CallFunction>): Promise<Try['status']> {
  const answer = await called;
  if (typeof answer === 'string') return answer;
  const errcode: unknown = (answer.result as { errcode?: unknown } | null | undefined)?.errcode;
  if (errcode === 0) return 200;
  // An errcode that looks like an HTTP acknowledgement is none.
  return typeof errcode === 'number' && errcode !== 200 && errcode !== 204 ? errcode : 'error';
}

/** That an order was paid. Source: CloudPay logs. */
export function paidCalling(order: LedgerOrder, callee: Callee): Calling {
  const { total, openid, outTradeNo, attach } = order;
  return {
    ...callee,
    openid,
    event: {
      ...common(order),
      ...(attach === undefined ? {} : { attach }),
      ...{ bankType: 'OTHERS', cashFee: total, feeType: 'CNY', totalFee: total },
      ...{ isSubscribe: 'N', subIsSubscribe: 'N' },
      ...{ openid: providerOpenid(openid), subOpenid: openid },
      ...{ resultCode: 'SUCCESS', tradeType: 'JSAPI' },
      outTradeNo,
      timeEnd: compactTime(order.paidAtMs ?? 0),
      transactionId: order.transactionId,
    },
    lies: {
      AMOUNT: { totalFee: total + 1, cashFee: total + 1 },
      APPID: { subAppid: 'wxffffffffffffffff' },
      MCHID: { subMchId: '1999999999' },
      OPENID: { subOpenid: 'oSomebodyElse' },
      UNKNOWN_ORDER: { outTradeNo: nobody(outTradeNo, 32) },
    },
  };
}

/**
 * That a refund reached a state: the fields of APIv2's 退款结果通知, opened. What CloudPay really sends is
 * documented nowhere.
 */
export function refundedCalling(
  order: LedgerOrder,
  refund: LedgerRefund,
  status: RefundStatus,
  callee: Callee,
): Calling {
  return {
    ...callee,
    openid: order.openid,
    event: { ...common(order), ...refundFields(refund, status) },
    lies: { ...refundLies(refund), MCHID: { subMchId: '1999999999' } },
  };
}

function common({ appid, mchid }: LedgerOrder): Record<string, unknown> {
  const { appid: providerAppid, mchId } = PROVIDER;
  return { returnCode: 'SUCCESS', appid: providerAppid, mchId, subAppid: appid, subMchId: mchid };
}

const nobody = (number: string, max: number) => `NOBODY${number}`.slice(0, max);
