import { ask, CallError } from './client.ts';

/** The people who may call a function from the console, besides the merchant's server. */
export type Role = 'user' | 'admin' | 'service';

/** The mini-program user of the phone, and the one whom the local cloud's configuration lists as admin. */
export const OPENIDS = { user: 'oLocalUser', admin: 'oLocalAdmin' } as const;

/** An answer of a function, as the mini program gets it. */
export interface FunctionAnswer extends Record<string, unknown> {
  errCode: 0 | string;
  requestId?: string;
}

/** A refusal of a function, with all that it answered. */
export class FunctionRefusal extends CallError {
  readonly answer: FunctionAnswer;
  constructor(answer: FunctionAnswer, text: string) {
    super(String(answer.errCode), text);
    this.answer = answer;
  }
}

/** Who calls, and as which user. */
export interface Caller {
  role: Role;
  openid?: string;
}

/**
 * Calls a function as a user or the merchant's server does, and throws its refusal, or the platform's error in
 * its place, under its code.
 */
export async function callFunction(
  name: string,
  data: object,
  { role, openid }: Caller = { role: 'user' },
): Promise<FunctionAnswer> {
  const who = role === 'service' ? { service: true } : { openid: openid ?? OPENIDS[role] };
  const { result, error } = await ask('POST /_local/call', { body: { name, data, ...who } });
  if (error) throw new CallError(error.code, error.message);
  const answer = result as FunctionAnswer;
  if (answer.errCode === 0) return answer;
  const text = String(answer.errCodeDes ?? answer.errMsg ?? '');
  throw new FunctionRefusal(answer, text);
}
