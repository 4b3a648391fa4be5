import type { ServiceCallee } from '../../contract/serviceCall.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UseCaseDeps } from '../../usecases/step/deps.ts';
import { wireSelf } from './self.ts';

/** As long as deliverEvents may run: nobody waits for it. */
const CALL_TIMEOUT_MS = 60_000;

/** Makes the calls that start deliveries, signed with the key that our functions share. */
export function wireDeliveries(
  place: Omit<ServiceCallee, 'name'>,
  key: string,
  clock: Clock,
): NonNullable<UseCaseDeps['callDeliverEvents']> {
  const call = wireSelf({ ...place, name: 'deliverEvents' }, key, clock);
  return (data) => call(data, CALL_TIMEOUT_MS);
}
