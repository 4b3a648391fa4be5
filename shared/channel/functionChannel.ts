import type { DeliveryOutcome } from '../domain/delivery/deliveryState.ts';
import type { QuoteOutcome } from '../ports/merchant.ts';

/** Calls a cloud function by its name; rejects with the platform's `code`. */
export type CallFunction = (name: string, data: object, timeoutMs: number) => Promise<unknown>;

/** The platform's codes for a function that did not end in time, and the SDK's for one that we waited for no longer. */
const TIME_CODES = ['FUNCTIONS_TIME_LIMIT_EXCEEDED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'];

/** An answer to a quote is not longer. */
const ANSWER_LENGTH_MAX = 16_384;
const REASON_LENGTH_MAX = 200;
const GONE = 410;

/** Asks a function for a price; whatever it answers is the caller's to read. */
export async function quoteByFunction(call: () => Promise<unknown>): Promise<QuoteOutcome> {
  try {
    const answer = await call();
    const length = JSON.stringify(answer)?.length ?? 0;
    if (length > ANSWER_LENGTH_MAX) return { kind: 'too_large' };
    return { kind: 'answered', answer };
  } catch (error) {
    const code = codeOf(error);
    return TIME_CODES.includes(code)
      ? { kind: 'timed_out' }
      : { kind: 'failed', reason: reasonOf(code, error) };
  }
}

/** Delivers to a function: it has arrived only if the answer says `errCode: 0`. */
export async function deliverToFunction(call: () => Promise<unknown>): Promise<DeliveryOutcome> {
  try {
    const { errCode, errMsg } = Object(await call()) as { errCode?: unknown; errMsg?: unknown };
    if (errCode === 0) return { kind: 'accepted' };
    if (errCode === GONE) return { kind: 'gone' };
    const words = [errCode, errMsg].filter((part) => part !== undefined).map(String);
    const reason = words.join(': ').slice(0, REASON_LENGTH_MAX);
    return { kind: 'refused', reason: reason === '' ? 'NO_ERR_CODE' : reason };
  } catch (error) {
    const code = codeOf(error);
    return TIME_CODES.includes(code)
      ? { kind: 'timed_out' }
      : { kind: 'refused', reason: reasonOf(code, error) };
  }
}

function codeOf(error: unknown): string {
  return String((Object(error) as { code?: unknown }).code ?? 'FAILED');
}

function reasonOf(code: string, error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return `${code}: ${String(message ?? error)}`.slice(0, REASON_LENGTH_MAX);
}
