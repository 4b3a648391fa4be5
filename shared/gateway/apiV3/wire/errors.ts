import { GatewayError } from '../../../ports/gateway.ts';
import type { HttpAnswer } from '../../../ports/transport.ts';
import { knownCode, type Operation, retryOf, retryOfStatus } from '../../errorCodes.ts';
import { type Fields, Malformed, readFields } from '../../read.ts';

const MESSAGE_LENGTH_MAX = 256;

/**
 * Reads a refusal (an answer without success). Refusals are not signed, so one is as true as its TLS
 * connection: it may end an attempt, but only a signed message proves a payment.
 */
export function readApiError(answer: HttpAnswer, operation: Operation): GatewayError {
  const requestId = requestIdOf(answer);
  const result = codeAndMessageOf(answer.body);
  const known = knownCode(result.code, requestId, operation);
  const code =
    known ?? result.code ?? (answer.status === 202 ? 'ACCEPTED' : `HTTP_${answer.status}`);
  const retry = known
    ? retryOf(known, operation)
    : retryOfStatus(answer.status, { code: result.code, operation });
  const retryAfterMs = retryAfterMsOf(answer);
  const message = result.message ?? `HTTP ${answer.status}`;
  return new GatewayError(code, retry, message, { requestId, retryAfterMs });
}

/** Reads `Retry-After` in seconds, the form that machines send. Source: `RFC 9110`. */
function retryAfterMsOf({ headers }: HttpAnswer): number | undefined {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** Reads the serial number of an answer, for WeChat's support. */
export function requestIdOf({ headers }: HttpAnswer): string | undefined {
  const requestId = headers['request-id'];
  return requestId !== undefined && /^[\w-]{1,128}$/.test(requestId) ? requestId : undefined;
}

/** Reads code and text of a refusal; whatever shape the rest has, it costs the code nothing. */
function codeAndMessageOf(body: Uint8Array): { code?: string; message?: string } {
  const fields = fieldsOf(body);
  const code = fields?.optional((each) => each.text('code')) ?? '';
  const message = fields ? [...textIn(fields, 'message'), ...hintsOf(fields)].join('; ') : '';
  return {
    ...(/^[A-Za-z][\w ]{1,63}$/.test(code) ? { code } : {}),
    ...(message === '' ? {} : { message: message.slice(0, MESSAGE_LENGTH_MAX) }),
  };
}

function fieldsOf(body: Uint8Array): Fields | undefined {
  try {
    return readFields(body);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Reads the field that `detail` names as wrong, flat or one level deeper. */
function hintsOf(refused: Fields): string[] {
  const outer = refused.optional((each) => each.object('detail'));
  const detail = outer?.optional((each) => each.object('detail')) ?? outer;
  return detail ? [...textIn(detail, 'field'), ...textIn(detail, 'issue')] : [];
}

function textIn(fields: Fields, name: string): string[] {
  const text = fields.optional((each) => each.text(name)) ?? '';
  return text === '' ? [] : [text.replace(/\p{Cc}/gu, ' ')];
}
