import { GatewayError } from '../ports/gateway.ts';
import { malformedAnswer } from './failure.ts';
import { Malformed } from './read.ts';

/** Reads an answer that is authentic; one that is not as agreed is named by its first bad field. */
export function readOrMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? malformedAnswer(error.field) : error;
  }
}

/** Tells whether a call failed with this word. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof GatewayError && error.code === code;
}
