import * as z from 'zod/mini';
import { attach, openid, timeExpire, totalFee } from '../fields.ts';
import { SIGNATURE_REFUSED } from './signature.ts';

/** The type of a quote's body, which tells it from deliveries. */
export const QUOTE_REQUEST = 'quote.request';

/** The body of a quote (询价): what is to be bought, and by whom. */
export interface QuoteBody {
  type: typeof QUOTE_REQUEST;
  timestamp: string;
  data: {
    /** The payer, by the platform's word. */
    openid: string;
    /** The merchant's own JSON, as the payer's mini program sent it: nothing in it is to be believed. */
    request: unknown;
  };
}

/** Reads the body of a quote. */
export const quoteBody = z.object({
  type: z.literal(QUOTE_REQUEST),
  timestamp: z.iso.datetime(),
  data: z.object({ openid, request: z.unknown() }),
});

/** The longest refusal that is passed on to a payer. */
const REFUSAL_CODE_LENGTH_MAX = 64;
const REFUSAL_TEXT_LENGTH_MAX = 512;

/** 采购标识: the merchant's own number of what is bought; it need not fit into WeChat's alphabet. */
export const purchaseId = z
  .string('应为字符串 (a string)')
  .check(z.regex(/^[^\p{Cc}\p{Cs}]{1,64}$/u, '1-64 个字符，无控制字符 (1 to 64 characters)'));

/** A price, which the payer is then asked for. */
const quoted = z.object({
  errCode: z.literal(0),
  // It is cut to what WeChat shows, not refused.
  body: z.string('应为字符串 (a string)').check(z.minLength(1, '不能为空 (must not be empty)')),
  totalFee,
  purchaseId: z.optional(purchaseId),
  attach: z.optional(attach),
  timeExpire: z.optional(timeExpire),
});

/** The merchant's own refusal (`SOLD_OUT`), which the payer gets word for word. */
const quoteRefusal = z.object({
  errCode: z.union([
    z.string().check(z.minLength(1), z.maxLength(REFUSAL_CODE_LENGTH_MAX)),
    z.int().check(z.refine((code) => code !== 0)),
  ]),
  errMsg: z._default(z.string().check(z.maxLength(REFUSAL_TEXT_LENGTH_MAX)), ''),
});

/** Refusals of shared/merchant itself: another key, or a function that takes deliveries. */
const OF_THE_HELPER: (string | number)[] = [SIGNATURE_REFUSED, 'TYPE_UNKNOWN', 'BODY_MALFORMED'];

/** The price of a quote, parsed. */
export type Quote = Omit<z.infer<typeof quoted>, 'errCode'>;

/** The answer to a quote, read. */
export type QuoteAnswer =
  | { kind: 'quoted'; quote: Quote }
  /** The merchant's own words, for the payer. */
  | { kind: 'refused'; quoteCode: string | number; quoteMsg: string }
  /** It does not take our signature, which is no matter of the payer's. */
  | { kind: 'unverified' }
  /** Neither a price nor a refusal; `field` and `why` are for the log. */
  | { kind: 'malformed'; field: string; why: string };

/** Fields that plain functions leave empty for want of a value; an empty purchase would be none, unnoticed. */
const EMPTY_IS_ABSENT = ['attach', 'timeExpire', 'errMsg'];

/** Leaves out what is absent: null fields, and some that are empty. */
function withoutAbsent(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const isPresent = ([name, value]: [string, unknown]) =>
    value !== null && !(value === '' && EMPTY_IS_ABSENT.includes(name));
  return Object.fromEntries(Object.entries(answer).filter(isPresent));
}

/** Reads the answer of the merchant's function: a price with `errCode: 0`, its own refusal with any other. */
export function readQuoteAnswer(given: unknown): QuoteAnswer {
  const answer = withoutAbsent(given);
  const refused = quoteRefusal.safeParse(answer);
  if (refused.success) {
    if (OF_THE_HELPER.includes(refused.data.errCode)) return { kind: 'unverified' };
    return { kind: 'refused', quoteCode: refused.data.errCode, quoteMsg: refused.data.errMsg };
  }
  const price = quoted.safeParse(answer);
  if (!price.success) {
    const [issue] = price.error.issues;
    return { kind: 'malformed', field: issue?.path.join('.') ?? '', why: issue?.message ?? '' };
  }
  const { errCode: _, ...quote } = price.data;
  return { kind: 'quoted', quote };
}
