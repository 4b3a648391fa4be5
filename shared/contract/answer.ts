import type { Retry } from '../domain/retry.ts';

/** A refusal, before it is put into the form of an answer. */
export interface Refusal {
  refused: string;
  /** The message: what happened and what to do, Chinese, then English. */
  text: string;
  retry: Retry;
  /** The input field that is to blame. */
  field?: string;
  details?: Readonly<Record<string, unknown>>;
}

/** The result of a use case: the fields of a good answer, or a refusal. */
export type Result<T> = T | Refusal;

/** Tells a refusal from a good result. */
export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}

/** Every answer to a call has these; `errCode` is 0, or WeChat's code or ours in the same form. */
export interface AnswerHead {
  errCode: 0 | string;
  errMsg: string;
  returnCode: 'SUCCESS' | 'FAIL';
  resultCode: 'SUCCESS' | 'FAIL';
  requestId: string;
  errCodeDes?: string;
  advice?: Retry;
  field?: string;
}

/** Puts a result into the form of CloudPay's answers, so that code written for them moves over. */
export function answerOf(name: string, result: Result<object>, requestId: string): AnswerHead {
  if (!isRefusal(result)) {
    const head = { errCode: 0, errMsg: `${name}:ok`, returnCode: 'SUCCESS' } as const;
    return { ...head, resultCode: 'SUCCESS', requestId, ...result };
  }
  return {
    errCode: result.refused,
    errMsg: `${name}:fail ${result.text}`,
    returnCode: 'SUCCESS',
    resultCode: 'FAIL',
    requestId,
    errCodeDes: result.text,
    advice: result.retry,
    ...(result.field === undefined ? {} : { field: result.field }),
    ...result.details,
  };
}
