import type { AnswerOf, BodyOf, CallName, PathOf, QueryOf } from '../../control/api/controlApi.ts';

/** A call of the control API that failed, as it words it: Chinese, then English in brackets. */
export class CallError extends Error {
  readonly code: string;
  /** The part of the input that is wrong. */
  readonly field: string | undefined;
  constructor(code: string, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** Tells whether a failure says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof CallError && error.code === 'NOT_FOUND';
}

/** Tells whether nothing answered. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof CallError && error.code === 'UNREACHABLE';
}

/** The input of a call: the parts of its path, its query, its body. */
export type CallInput<K extends CallName> = {
  path?: PathOf<K>;
  query?: QueryOf<K>;
  body?: BodyOf<K>;
};

/** Calls the control API; every failure is a {@link CallError}. */
export async function ask<K extends CallName>(
  name: K,
  { path = {} as PathOf<K>, query, body }: CallInput<K> = {},
): Promise<AnswerOf<K>> {
  const [method = 'GET', template = ''] = name.split(' ');
  const parts: Record<string, string> = { ...path };
  const filled = template.replace(/\{(\w+)\}/g, (_, part) => encodeURIComponent(parts[part] ?? ''));
  const answer = await fetch(filled + searchOf(query), {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  return resultOf(answer);
}

/** Reads an answer of the control API, or the failure that it is; none where nothing answered. */
export async function resultOf<T>(answer: Response | undefined): Promise<T> {
  if (!answer) {
    const message =
      '本地云没有应答，是否已停止？ (the local cloud does not answer: is it stopped?)';
    throw new CallError('UNREACHABLE', message);
  }
  const result: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return result as T;
  const {
    code = `HTTP_${answer.status}`,
    message = `HTTP ${answer.status}`,
    field,
  } = Object(result).error ?? {};
  throw new CallError(code, message, field);
}

function searchOf(query: unknown): string {
  const given = Object.entries(Object(query)).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][])}`;
}
