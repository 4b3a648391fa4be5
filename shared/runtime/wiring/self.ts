import cloudbase from '@cloudbase/node-sdk';
import { type ServiceCallee, signServiceCall } from '../../contract/serviceCall.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UseCaseDeps } from '../../usecases/step/deps.ts';
import { callFunction } from '../callFunction.ts';

/** Makes the calls of a function by itself, through the platform, signed with its own key. */
export function wireSelf(
  callee: ServiceCallee,
  key: string,
  clock: Clock,
): UseCaseDeps['callSelf'] {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return async (data, timeoutMs) => {
    const signed = signServiceCall(callee, data, key, clock.now().getTime());
    return callFunction(app, { name: callee.name, data: signed }, timeoutMs);
  };
}
