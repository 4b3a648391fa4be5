import { textOf, writtenCode } from './read.ts';
import type { Refusal, Retry } from './types.ts';

/**
 * Numbers of the platform's failures, and what may follow; beside those of the table the function may have run. Source:
 * `Cloud.callFunction`.
 */
const ADVICE: readonly { codes: RegExp; advice: Retry }[] = [
  // Permission, arguments, the environment, a missing function, too large an answer, cloud calls.
  { codes: /^-(401\d{3}|501000|501007|501009|604\d{3})$/, advice: 'never' },
  // The platform is busy or broke down, the phone has no network or guards against a loop.
  { codes: /^-(1|405015|50100[1-5]|60100[1-3])$/, advice: 'same_request' },
  { codes: /^/, advice: 'query_first' },
];

/** Puts a failure of the platform into the form of a refusal. */
export function refusedByPlatform(raw: unknown): Refusal {
  const errMsg = textOf(raw);
  // Some hosts have the number in the text alone, the outermost first.
  const [written] = /-\d{6}/.exec(errMsg) || ['NO_RESULT'];
  const errCode = writtenCode(raw) || written;
  return { errCode, errMsg, raw, ...ADVICE.find(({ codes }) => codes.test(errCode)) };
}
