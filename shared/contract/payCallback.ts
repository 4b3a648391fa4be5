import * as z from 'zod/mini';
import type { Contract } from './contract.ts';

const input = z.object({
  headers: z.record(z.string(), z.string(), '应为请求头 (the request headers)'),
  body: z.custom<Uint8Array>((value) => value instanceof Uint8Array, '应为请求体 (the raw body)'),
});

/** An HTTP request, header names in lower case, the body's raw bytes. */
export type PayCallbackInput = z.infer<typeof input>;

/** What WeChat reads: 200 ends its repeats, anything else makes it try again. */
export interface PayCallbackAnswer {
  status: number;
  code: 'SUCCESS' | 'FAIL';
  message: string;
}

/** 支付结果通知. */
export const payCallback: Contract<PayCallbackInput> = {
  name: 'payCallback',
  form: 'http',
  needs: ['store', 'door'],
  input,
};
