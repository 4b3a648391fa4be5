import { retryAfterAll, retryUnchangedAfterMs } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { callTimeLeftMs, callTimeoutMs } from './deadline.ts';
import type { Invocation, UseCaseDeps } from './deps.ts';

/** A method of a gateway: its arguments, and last the milliseconds that it may take. */
type GatewayMethod<Args extends readonly unknown[], T> = (
  ...args: [...args: Args, timeoutMs: number]
) => Promise<T>;

/**
 * Calls WeChat, and again with the same arguments while that makes sense and the deadline leaves time.
 * Throws the last failure; a refusal after an unknown outcome is thrown as unknown.
 *
 * @example await retryUnchanged(gateway.queryOrder, [order], deps, invocation)
 */
export async function retryUnchanged<Args extends readonly unknown[], T>(
  method: GatewayMethod<Args, T>,
  args: Args,
  { clock }: Pick<UseCaseDeps, 'clock'>,
  invocation: Invocation,
): Promise<T> {
  const failures: GatewayError[] = [];
  for (;;) {
    const timeoutMs = callTimeoutMs(invocation);
    try {
      return await method(...args, timeoutMs);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const waitMs = retryUnchangedAfterMs(error, failures.length);
      const isLate = waitMs === undefined || callTimeLeftMs(invocation) <= waitMs;
      if (isLate) throw withHistory(error, failures);
      failures.push(error);
      await clock.wait(waitMs);
    }
  }
}

function withHistory(error: GatewayError, earlier: readonly GatewayError[]): GatewayError {
  return retryAfterAll(error, earlier) === error.retry ? error : notFinal(error);
}

/** Makes of a refusal one that is not final: something that was sent besides may have taken effect. */
export function notFinal(error: GatewayError): GatewayError {
  const { code, retry, message, requestId } = error;
  if (retry !== 'never') return error;
  return new GatewayError(code, 'query_first', message, { requestId, cause: error });
}
