import * as z from 'zod/mini';

/** What WeChat Pay posts to a callback: header names in lower case, the body's raw bytes. */
export const notification = z.object({
  headers: z.record(z.string(), z.string(), '应为请求头 (the request headers)'),
  body: z.custom<Uint8Array>((value) => value instanceof Uint8Array, '应为请求体 (the raw body)'),
});

export type NotificationInput = z.infer<typeof notification>;

/** What WeChat reads: 200 ends its repeats, anything else makes it try again. */
export interface NotificationAnswer {
  status: number;
  code: 'SUCCESS' | 'FAIL';
  message: string;
}
