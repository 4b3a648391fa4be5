import type { Refusal } from '../../contract/answer.ts';
import {
  QUOTE_REQUEST,
  type Quote,
  type QuoteBody,
  readQuoteAnswer,
} from '../../contract/event/quote.ts';
import { refuse } from '../../contract/refusals.ts';
import { TEXT_LIMITS } from '../../domain/limits.ts';
import { cleanText } from '../../domain/text.ts';
import { callTimeLeftMs } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** The longest that the merchant's function may take. */
const QUOTE_TIMEOUT_MS = 5000;

/** Reasons of the channel that are no failure of the merchant's function. */
const REFUSED_REASONS = {
  EVENTS_KEY_MISSING: 'QUOTE_UNVERIFIED',
  ANSWER_TOO_LARGE: 'QUOTE_MALFORMED',
} as const;

/** Asks the merchant's function what a request costs (询价); a refusal of its own is passed on word for word. */
export async function quotePrice(
  data: QuoteBody['data'],
  { merchant, clock }: Pick<UseCaseDeps, 'merchant' | 'clock'>,
  invocation: Invocation,
): Promise<Quote | Refusal> {
  const timeoutMs = Math.min(QUOTE_TIMEOUT_MS, callTimeLeftMs(invocation));
  if (timeoutMs <= 0) return refuse('QUOTE_TIMED_OUT');
  const body: QuoteBody = { type: QUOTE_REQUEST, timestamp: clock.now().toISOString(), data };
  const outcome = await merchant.quote(JSON.stringify(body), timeoutMs);
  switch (outcome.kind) {
    case 'timed_out':
      return refuse('QUOTE_TIMED_OUT');
    case 'failed':
      return refuseFailed(outcome.reason, invocation);
    case 'answered':
      return readAnswer(outcome.answer, invocation);
  }
}

function refuseFailed(reason: string, { log }: Invocation): Refusal {
  log.add({ level: 'error', quoteReason: reason });
  const known = Object.entries(REFUSED_REASONS).find(([name]) => name === reason);
  return refuse(known ? known[1] : 'QUOTE_FAILED');
}

function readAnswer(answer: unknown, { log }: Invocation): Quote | Refusal {
  const read = readQuoteAnswer(answer);
  switch (read.kind) {
    case 'refused': {
      const { quoteCode, quoteMsg } = read;
      return refuse('QUOTE_REFUSED', { details: { quoteCode, quoteMsg } });
    }
    case 'unverified':
      log.add({ level: 'error', quoteReason: 'SIGNATURE_REFUSED' });
      return refuse('QUOTE_UNVERIFIED');
    case 'malformed':
      log.add({ level: 'error', quoteReason: `${read.field || 'answer'}: ${read.why}` });
      return refuse('QUOTE_MALFORMED');
    case 'quoted': {
      const body = cleanText(read.quote.body, TEXT_LIMITS.body);
      if (body !== '') return { ...read.quote, body };
      log.add({ level: 'error', quoteReason: 'body: nothing is left of it that WeChat shows' });
      return refuse('QUOTE_MALFORMED');
    }
  }
}
