import cloudbase from '@cloudbase/node-sdk';
import type { Clock } from '../../ports/clock.ts';
import type { PayerStore } from '../../ports/payers.ts';
import { createCloudBasePayers } from '../../store/payers/cloudbasePayers.ts';
import type { Invocation } from '../../usecases/step/deps.ts';

/** The longest that one call may take: an order does not wait long to be counted. */
const CALL_TIMEOUT_MS = 1000;
/** Kept back of the deadline, for the order itself. */
const ORDER_RESERVE_MS = 3000;

/** Makes the store of payers in the CloudBase document database. */
export function wirePayers(clock: Clock): (invocation: Invocation) => PayerStore {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return ({ remainingMs }) =>
    createCloudBasePayers({
      database: () => app.database(),
      wait: clock.wait,
      timeoutMs: () => Math.max(1, Math.min(CALL_TIMEOUT_MS, remainingMs() - ORDER_RESERVE_MS)),
    });
}
