/**
 * Verifies and reads what scf-wechatpay sends to a merchant's own function, and lets an effect happen once.
 * `npm run build` makes one CommonJS file of it, `dist/merchant/merchant.js`, to be copied beside any function: it
 * needs nothing else. Guide: docs/zh/merchant-functions.md.
 *
 * const { onDelivery, once } = require('./merchant.js');
 * exports.main = onDelivery(async ({ type, data }) => {
 *   if (type === 'order.paid') await once(() => purchases.add({ _id: data.outTradeNo }));
 * });
 */
import type { DeliveryBody } from '../contract/event/delivery.ts';
import type { QuoteBody } from '../contract/event/quote.ts';
import {
  faultOfMessage,
  readEventsKeys,
  SIGNATURE_REFUSED,
  type SignedMessage,
} from '../contract/event/signature.ts';
import { dropIdleConnections } from '../runtime/idleConnections.ts';

/** The version of a delivery's data that this file reads. */
const PAYLOAD_VERSION: DeliveryBody['data']['payloadVersion'] = 1;
const QUOTE_REQUEST: QuoteBody['type'] = 'quote.request';

/** A message that is not authentic, or not one of this kind: nothing may be done for it. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
  readonly errCode: string;
  constructor(errCode: string, message: string) {
    super(message);
    this.errCode = errCode;
  }
}

/** The merchant's no to a quote, which the payer gets word for word: `throw new QuoteRefused('SOLD_OUT', '已售罄')`. */
export class QuoteRefused extends Error {
  override readonly name = 'QuoteRefused';
  readonly errCode: string;
  constructor(errCode: string, message: string) {
    super(message);
    this.errCode = errCode;
  }
}

/** The fields of a message before anything is believed of it: a function's event, or an HTTP request's headers and body. */
export type Unverified = Readonly<Partial<Record<keyof SignedMessage, unknown>>>;

/** The keys by which messages are verified, and the time; by default `WXPAY_EVENTS_KEY` and now. */
export interface Verification {
  keys?: string;
  now?: Date;
}

/**
 * Verifies and reads a delivery; throws {@link MessageRefused}. For a server: `openDelivery({...req.headers, body})`
 * with the body as text, just as it came.
 */
export function openDelivery(message: Unverified, verification?: Verification): DeliveryBody {
  const body = open(message, verification) as DeliveryBody;
  if (!/^(order|refund)\./.test(body.type)) throw wrongType(body.type);
  const { payloadVersion } = body.data;
  if (payloadVersion === PAYLOAD_VERSION) return body;
  throw new MessageRefused(
    'PAYLOAD_VERSION',
    `payloadVersion ${String(payloadVersion)}：请更新 merchant.js (this file reads ${PAYLOAD_VERSION}: take a newer one)`,
  );
}

/** Verifies and reads a quote; throws {@link MessageRefused}. */
export function openQuote(message: Unverified, verification?: Verification): QuoteBody {
  const body = open(message, verification) as QuoteBody;
  if (body.type !== QUOTE_REQUEST) throw wrongType(body.type);
  return body;
}

/** The price of a quote, in fen. */
export interface Price {
  body: string;
  totalFee: number;
  purchaseId?: string;
  attach?: string;
  /** `yyyyMMddHHmmss` in Beijing time. */
  timeExpire?: string;
}

/** A cloud function, as SCF calls it. */
export type Main = (event: unknown) => Promise<object>;

/**
 * Makes a function that takes deliveries: it answers `{errCode: 0}` once `take` has ended, which says that the event
 * has arrived. While `take` throws, or the function dies, the same event comes again.
 */
export function onDelivery(
  take: (delivery: DeliveryBody) => Promise<void>,
  verification?: Verification,
): Main {
  return async (event) => {
    dropIdleConnections();
    try {
      await take(openDelivery(messageOf(event), verification));
      return { errCode: 0 };
    } catch (error) {
      if (error instanceof MessageRefused) return answerRefused(error);
      // biome-ignore lint/suspicious/noConsole: the log of the merchant's own function
      console.error(error);
      return { errCode: 'FAILED', errMsg: textOf(error) };
    }
  };
}

/**
 * Makes a function that quotes: `price` gets the request and the payer, and answers the price or throws
 * {@link QuoteRefused}. Any other error ends the order; the payer does not see its text.
 */
export function onQuote(
  price: (request: unknown, openid: string) => Promise<Price>,
  verification?: Verification,
): Main {
  return async (event) => {
    dropIdleConnections();
    try {
      const { openid, request } = openQuote(messageOf(event), verification).data;
      return { errCode: 0, ...(await price(request, openid)) };
    } catch (error) {
      if (error instanceof MessageRefused || error instanceof QuoteRefused)
        return answerRefused(error);
      throw error;
    }
  };
}

/**
 * Inserts a document that stands for an effect; tells whether it was the first. A document with the same `_id` makes
 * it false, whichever SDK says so; any other error is thrown. What follows the insert is lost if the function dies in
 * between: let the document be the effect, or do the rest before, with the same number.
 */
export async function once(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Knows @cloudbase/node-sdk by its code; wx-server-sdk keeps the word in its message alone. */
function isDuplicate(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return code === 'DATABASE_DUPLICATE_WRITE' || /DuplicateWrite|E11000/.test(String(message));
}

function open(
  message: Unverified,
  { keys, now }: Verification = {},
): { type: string; data: object } {
  // biome-ignore lint/style/noProcessEnv: a merchant's function has no configuration of ours
  const verifying = readEventsKeys(keys ?? process.env.WXPAY_EVENTS_KEY ?? '');
  // biome-ignore lint/plugin: a merchant's function has no clock port
  const fault = faultOfMessage(verifying, message, now ?? new Date());
  if (fault !== undefined) throw new MessageRefused(SIGNATURE_REFUSED, fault);
  const body = parsedOf(String(message.body));
  if (body) return body;
  throw new MessageRefused('BODY_MALFORMED', 'body 不是事件 (the body is no event)');
}

function parsedOf(text: string): { type: string; data: object } | undefined {
  const body: unknown = jsonOf(text);
  const { type, data } = Object(body) as { type?: unknown; data?: unknown };
  if (typeof type !== 'string' || typeof data !== 'object' || data === null) return undefined;
  return body as { type: string; data: object };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

function messageOf(event: unknown): Unverified {
  return typeof event === 'object' && event !== null ? event : {};
}

function wrongType(type: string): MessageRefused {
  return new MessageRefused('TYPE_UNKNOWN', `${type} 不归此函数处理 (not for this function)`);
}

function answerRefused({ errCode, message }: MessageRefused | QuoteRefused) {
  return { errCode, errMsg: message };
}
