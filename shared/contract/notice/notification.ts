import * as z from 'zod/mini';

/** Tells texts by name; as `z.record` does, which takes longer than all other checks of the event together. */
function areHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === 'string');
}

const posted = z.object({
  from: z.literal('http'),
  headers: z.custom<Record<string, string>>(areHeaders, '应为请求头 (the request headers)'),
  body: z.custom<Uint8Array>((value) => value instanceof Uint8Array, '应为请求体 (the raw body)'),
});

const event = z.object({ from: z.literal('cloudPay'), event: z.unknown() });

/**
 * The input of a callback, by how it was invoked: what WeChat Pay posts (header names in lower case, the
 * body's raw bytes), or the plain event of cloud pay (云支付).
 */
export const notification = z.discriminatedUnion('from', [posted, event]);

/** Matches how APIv2's XML begins, blanks and a byte order mark before it among that. */
const XML_START = /^\uFEFF?\s*</;

const JSON_START = '{'.charCodeAt(0);

/** Tells APIv2's XML, which begins with `<`, from APIv3's JSON, which never does. */
export function isXml(body: Uint8Array | undefined): boolean {
  // Nearly every body is JSON, and that is known by one byte.
  if (body === undefined || body[0] === JSON_START) return false;
  return XML_START.test(Buffer.from(body.subarray(0, 64)).toString());
}

export type NotificationInput = z.infer<typeof notification>;

/** The answer to WeChat: 200 ends its repeats, anything else makes it try again. */
export interface NotificationAnswer {
  status: number;
  code: 'SUCCESS' | 'FAIL';
  message: string;
}
