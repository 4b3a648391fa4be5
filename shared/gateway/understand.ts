import { GatewayError } from '../ports/gateway.ts';
import { malformedAnswer } from './failure.ts';
import { Malformed } from './read.ts';

/** Reads an authentic answer; throws the failure of a malformed one, which names its first bad field. */
export function readOrMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? malformedAnswer(error.field) : error;
  }
}

/** Tells whether a call failed with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof GatewayError && error.code === code;
}
