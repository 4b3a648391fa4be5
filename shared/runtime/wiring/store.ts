import cloudbase from '@cloudbase/node-sdk';
import type { Clock } from '../../ports/clock.ts';
import type { DisabledChannels } from '../../ports/disabledChannels.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { OrderStore } from '../../ports/store.ts';
import { createCloudBaseStore } from '../../store/cloudbase.ts';
import { createDisabledChannels } from '../../store/disabledChannels.ts';
import type { Invocation } from '../../usecases/step/deps.ts';

/** The longest that one database call may take; less when the deadline is nearer. */
const CALL_TIMEOUT_MS = 3000;
/** Kept back of the deadline, to answer. */
const ANSWER_RESERVE_MS = 300;

/** Makes the store in the CloudBase document database, with the credentials that the platform gives. */
export function wireStore(
  clock: Clock,
  randomBytes: RandomBytes,
): (invocation: Invocation) => OrderStore {
  const database = wireDatabase(clock);
  return (invocation) => createCloudBaseStore({ ...database(invocation), randomBytes });
}

/** Keeps there which channels of deliveries are disabled, too. */
export function wireDisabledChannels(clock: Clock): (invocation: Invocation) => DisabledChannels {
  const database = wireDatabase(clock);
  return (invocation) => createDisabledChannels(database(invocation));
}

function wireDatabase(clock: Clock) {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return ({ remainingMs }: Invocation) => ({
    database: () => app.database(),
    wait: clock.wait,
    now: clock.now,
    timeoutMs: () => Math.max(1, Math.min(CALL_TIMEOUT_MS, remainingMs() - ANSWER_RESERVE_MS)),
  });
}
