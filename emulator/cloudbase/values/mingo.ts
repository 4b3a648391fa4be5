import { RefusalError, refuse } from '../errors.ts';

/** Runs a call of mingo; what it complains about becomes the database's refusal. */
export function runMingo<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof RefusalError || !(error instanceof Error)) throw error;
    if (/unknown (query|top level) operator|Unknown update operator/i.test(error.message)) {
      throw refuse.operator(error.message);
    }
    throw refuse.database(error.message);
  }
}
