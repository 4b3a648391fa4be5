import { expect, test } from 'vitest';
import { anOrder, aPrepay, placedAt, plus, proof, unpaid } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { EXPIRY_LIMITS } from '../../domain/limits.ts';
import { withPrepay } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';

/**
 * How WeChat may read a `time_expire` that by its clock is less than a minute ahead: moved, as it says, or
 * ignored, as it was seen.
 */
const READINGS = ['moved', 'ignored'] as const;
const SKEWS_S = [-300, -61, -59, 0, 59, 61, 300];

test.each(READINGS.flatMap((reading) => SKEWS_S.map((skewS) => [reading, skewS] as const)))(
  'an order of a minute, time_expire %s, our clock %i s off: no payment is lost',
  async (reading, skewS) => {
    for (let paysAtS = 0; paysAtS <= 420; paysAtS += 20) {
      const { payableS, ours, wechats } = await life({ reading, skewS, paysAtS });
      expect([paysAtS, ours]).toEqual([paysAtS, wechats === 'SUCCESS' ? 'paid' : 'closed']);
      expect(payableS, 'a payer has a minute at least').toBeGreaterThanOrEqual(60);
    }
  },
);

/** Lives one order of a minute to its end; a payer tries to pay so many seconds after it was placed. */
async function life({
  reading,
  skewS,
  paysAtS,
}: {
  reading: string;
  skewS: number;
  paysAtS: number;
}) {
  let wechats: 'NOTPAY' | 'SUCCESS' | 'CLOSED' = 'NOTPAY';
  const order = anOrder({ expiresAt: plus(EXPIRY_LIMITS.minMs / 1000) });
  const wechatsMs = () => world.deps.clock.now().getTime() - skewS * 1000;
  const placedMs = placedAt.getTime() - skewS * 1000;
  const isSoon = order.expiresAt.getTime() < placedMs + 60_000;
  const soonMs = reading === 'moved' ? placedMs + 60_000 : Number.POSITIVE_INFINITY;
  const expiresMs = isSoon ? soonMs : order.expiresAt.getTime();
  const gateway = aGateway({
    queryOrder: async () => (wechats === 'SUCCESS' ? proof() : unpaid('unpaid', 'NOTPAY')),
    closeOrder: async () => {
      if (wechats === 'SUCCESS') throw new GatewayError('ORDERPAID', 'never', 'x');
      wechats = 'CLOSED';
    },
  });
  const world = memoryDeps(gateway);
  await world.store.insert(withPrepay(order, aPrepay, placedAt));
  for (let atS = 0; atS <= 480; atS += 20) {
    if (atS === paysAtS && wechats === 'NOTPAY' && wechatsMs() < expiresMs) wechats = 'SUCCESS';
    if (atS % 60 === 0)
      await closeStaleOrders(
        { Type: 'Timer' },
        world.deps,
        anInvocation({ kind: 'timer', source: '' }),
      );
    world.pass(20);
  }
  const stored = await world.store.get(order.outTradeNo);
  const ours = stored?.kind === 'order' ? stored.status.state : undefined;
  return { ours, wechats, payableS: (expiresMs - placedMs) / 1000 };
}
