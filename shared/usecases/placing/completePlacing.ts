import { isRefusal, type Result } from '../../contract/answer.ts';
import type { UnifiedOrderAnswer } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import { PREPAY_FRESH_MS } from '../../domain/limits.ts';
import {
  type Order,
  type OrderDocument,
  type Prepay,
  prepayIdIn,
} from '../../domain/order/order.ts';
import { type Placement, placementOf } from '../../domain/order/placement.ts';
import { PLACING_WAITS_MS } from '../../domain/schedules.ts';
import { obtainPrepay, type Placing } from '../order/prepay.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf' | 'hasPayToken'>;

/** Brings an order to its payment params: waits for another placer, takes over, or gets a fresh prepay id. */
export async function completePlacing(
  begun: Placing,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  let { isOurs } = begun;
  let order: OrderDocument | undefined = begun.order;
  let isObtained = false;
  try {
    for (const waitMs of PLACING_WAITS_MS) {
      if (order?.kind !== 'order') break;
      const placement: Placement = isOurs
        ? { kind: 'prepay' }
        : placementOf(
            order,
            deps.clock.now(),
            isObtained ? PREPAY_FRESH_MS : freshMsOf(order, deps),
          );
      if (placement.kind === 'answer') return answer(order, placement.prepay, deps);
      if (placement.kind === 'refuse') return refuse(placement.code);
      if (placement.kind === 'wait') {
        await deps.clock.wait(waitMs);
        order = await deps.store.get(order.outTradeNo);
        continue;
      }
      const obtained = await obtainPrepay({ order, isOurs }, deps, invocation);
      if (isRefusal(obtained)) return obtained;
      order = obtained;
      isOurs = false;
      isObtained = true;
    }
  } catch (error) {
    const refusal = foreseenRefusal(error, 'same_request');
    if (refusal) return refusal;
    throw error;
  }
  return refuse('ORDER_PLACING');
}

/** Tells how long the order's link hands its prepay id out again; only one that has it needs the link. */
function freshMsOf({ status, link }: Order, { gatewayOf }: Deps): number {
  return status.state === 'paying' ? gatewayOf(link).prepayFreshMs() : PREPAY_FRESH_MS;
}

function answer(order: Order, prepay: Prepay, { gatewayOf }: Deps): UnifiedOrderAnswer {
  const { outTradeNo, appid, mchid: mchId, totalFee, expiresAt } = order;
  const params = gatewayOf(order.link).paymentOf(order, prepay);
  return {
    outTradeNo,
    payment: { ...params, packageVal: params.package },
    prepayId: prepayIdIn(params),
    nonceStr: params.nonceStr,
    tradeType: 'JSAPI',
    appid,
    mchId,
    totalFee,
    timeExpire: beijingDigits(expiresAt),
  };
}
