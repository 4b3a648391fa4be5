import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { Callee, DeliveryAttempt, LedgerOrder } from '../orders/ledger.ts';
import { providerOpenid } from '../orders/openid.ts';
import type { LedgerRefund, RefundStatus } from '../refunds/ledger.ts';
import { tamperedV2RefundFields, v2RefundFields } from '../refunds/v2Fields.ts';
import { unknownNumber } from '../wire/unknownNumber.ts';
import { compactTime, nonceOf, PROVIDER } from './wire.ts';

/** A call of a cloud function by the platform, because of a payment or a refund (云支付回调). */
export interface Callback extends Callee {
  /** The payer: the platform tells who it is, beside the event. */
  openid: string;
  /** Plain fields: nothing is signed and nothing is sealed. The platform adds `userInfo`. */
  event: Record<string, unknown>;
}

/** Calls a function; answers what it returned, or that it failed or is not there. */
export type CallFunction = (
  callback: Callback,
) => Promise<{ result: unknown } | 'error' | 'unreachable'>;

/** The content of a callback. */
export interface CallContent extends Callback {
  kind: 'call';
  /** Changes of its event, by the code of a `mutated` fault. */
  tampered: Record<string, Record<string, unknown>>;
}

/** Makes a callback, with a nonce of its own at every attempt. */
export function callbackOf(
  world: World,
  { functionName, envId, openid, event, tampered }: CallContent,
  fault?: Fault,
): Callback {
  const change = fault?.kind === 'mutated' ? tampered[fault.code ?? ''] : undefined;
  const changed = { ...event, nonceStr: nonceOf(world), ...change };
  return { functionName, envId, openid, event: changed };
}

/**
 * Tells how an attempt went: only `{errcode: 0}` acknowledges (200); another errcode is answered as
 * it is.
 */
export function statusOfCall(answer: Awaited<ReturnType<CallFunction>>): DeliveryAttempt['status'] {
  if (typeof answer === 'string') return answer;
  const errcode: unknown = (answer.result as { errcode?: unknown } | null | undefined)?.errcode;
  if (errcode === 0) return 200;
  // An errcode that looks like an HTTP acknowledgement is none.
  return typeof errcode === 'number' && errcode !== 200 && errcode !== 204 ? errcode : 'error';
}

/** Says that an order was paid. Source: CloudPay logs. */
export function paidCall(order: LedgerOrder, callee: Callee): CallContent {
  const { total, openid, outTradeNo, attach } = order;
  return {
    kind: 'call',
    ...callee,
    openid,
    event: {
      ...commonFields(order),
      ...(attach === undefined ? {} : { attach }),
      bankType: 'OTHERS',
      cashFee: total,
      feeType: 'CNY',
      totalFee: total,
      isSubscribe: 'N',
      subIsSubscribe: 'N',
      openid: providerOpenid(openid),
      subOpenid: openid,
      resultCode: 'SUCCESS',
      tradeType: 'JSAPI',
      outTradeNo,
      timeEnd: compactTime(order.paidAtMs ?? 0),
      transactionId: order.transactionId,
    },
    tampered: {
      AMOUNT: { totalFee: total + 1, cashFee: total + 1 },
      APPID: { subAppid: 'wxffffffffffffffff' },
      MCHID: { subMchId: '1999999999' },
      OPENID: { subOpenid: 'oSomebodyElse' },
      UNKNOWN_ORDER: { outTradeNo: unknownNumber(outTradeNo, 32) },
    },
  };
}

/**
 * Says that a refund reached a state, in the fields of APIv2's 退款结果通知, opened: what CloudPay really
 * sends is documented nowhere.
 */
export function refundedCall(
  order: LedgerOrder,
  refund: LedgerRefund,
  status: RefundStatus,
  callee: Callee,
): CallContent {
  return {
    kind: 'call',
    ...callee,
    openid: order.openid,
    event: { ...commonFields(order), ...v2RefundFields(refund, status) },
    tampered: { ...tamperedV2RefundFields(refund), MCHID: { subMchId: '1999999999' } },
  };
}

function commonFields({ appid, mchid }: LedgerOrder): Record<string, unknown> {
  return {
    returnCode: 'SUCCESS',
    appid: PROVIDER.appid,
    mchId: PROVIDER.mchId,
    subAppid: appid,
    subMchId: mchid,
  };
}
