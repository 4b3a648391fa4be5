/** The host that talks to the local cloud; published beside the client's own types. */
import type { Host } from '../types.ts';

/** The local cloud to talk to, and as whom. */
export interface LocalOptions {
  /** The address that `npm start` prints; `http://127.0.0.1:7100` by default. */
  origin?: string;
  /** The payer, whom the real platform would name. */
  openid?: string;
  /** Of the host; that of `wx` by default. */
  request?(options: {
    url: string;
    method: 'POST';
    header: Record<string, string>;
    data: object;
    success(response: { statusCode: number; data: unknown }): void;
    fail(error: unknown): void;
  }): unknown;
  /** Of the host; that of `wx` by default. */
  showActionSheet?(options: {
    itemList: string[];
    success(choice: { tapIndex: number }): void;
    fail(error: unknown): void;
  }): unknown;
}

/** Makes a host whose functions are those of the local cloud, and whose cashier is a sheet of the mini program's. */
export type CreateLocalHost = (
  options?: LocalOptions,
) => Required<Pick<Host, 'callFunction' | 'requestPayment'>>;
