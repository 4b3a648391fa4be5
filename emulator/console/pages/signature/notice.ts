import type { BodyOf } from '../../../control/api/controlApi.ts';

type Question = BodyOf<'POST /_local/signature'>;

/** The keys that verify in place of the configured ones, as somebody typed them. */
export type TypedKeys = Record<keyof NonNullable<Question['keys']>, string>;

/** A notification as it stands in the form. */
export interface Notice {
  headers: string;
  body: string;
  receivedAt: string;
  clock: string;
  keys: TypedKeys;
}

export const NO_KEYS: TypedKeys = {
  mchid: '',
  publicKeyId: '',
  publicKey: '',
  certificates: '',
  apiV3Key: '',
};

/** The form before anything was picked or pasted. */
export const EMPTY: Notice = { headers: '', body: '', receivedAt: '', clock: '', keys: NO_KEYS };

/** Matches a header of curl: `-H 'name: value'`, the blank and the quotes optional. */
const CURL = /^(?:-H|--header)\s*(['"]?)(.*?)\1\s*\\?$/;

/** Reads headers as people paste them: lines, JSON, options of curl. */
export function headersIn(text: string): Record<string, string> {
  const object = objectIn(text);
  if (object) return object;
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const bare = CURL.exec(line.trim())?.[2] ?? line.trim();
    const colon = bare.indexOf(':');
    return colon > 0 ? [[bare.slice(0, colon).trim(), bare.slice(colon + 1).trim()]] : [];
  });
  return Object.fromEntries(pairs);
}

function objectIn(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
  } catch {
    return undefined;
  }
}

/** Writes headers as the form has them. */
export function linesOf(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** Finds a header by its name in lower case. */
export function headerIn(headers: Record<string, string>, name: string): string {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
}

/** Asks about a notification; what is left empty is as it is in the local cloud. */
export function questionOf({ headers, body, receivedAt, clock, keys }: Notice): Question {
  const given = Object.fromEntries(Object.entries(keys).filter(([, text]) => text !== ''));
  return {
    headers: headersIn(headers),
    body,
    ...(receivedAt === '' ? {} : { receivedAt }),
    ...(clock === '' ? {} : { clock }),
    ...(Object.keys(given).length === 0 ? {} : { keys: given }),
  };
}

/** A notification that WeChat made, as the control API lists it. */
export interface Sent {
  headers: Record<string, string>;
  body: string;
}

/** Puts a notification into the form; it arrived when it was signed. */
export function noticeOf({ headers, body }: Sent): Notice {
  const signedAtMs = Number(headerIn(headers, 'wechatpay-timestamp')) * 1000;
  const receivedAt = new Date(signedAtMs).toISOString().replace('.000Z', 'Z');
  return { ...EMPTY, headers: linesOf(headers), body, receivedAt };
}

/** Takes those that are signed: callbacks of cloud pay and notices of APIv2 are not. */
export function signedAmong(messages: readonly object[]): Sent[] {
  return messages.filter(
    (each): each is Sent =>
      'body' in each &&
      'headers' in each &&
      headerIn(each.headers as Sent['headers'], 'wechatpay-timestamp') !== '',
  );
}
