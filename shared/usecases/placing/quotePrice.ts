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

/** Asks the merchant's function what a request costs (询价); a refusal of its own is passed on word for word. */
export async function quotePrice(
  data: QuoteBody['data'],
  { askPrice, clock }: Pick<UseCaseDeps, 'askPrice' | 'clock'>,
  invocation: Invocation,
): Promise<Quote | Refusal> {
  const timeoutMs = Math.min(QUOTE_TIMEOUT_MS, callTimeLeftMs(invocation));
  if (timeoutMs <= 0) return refuse('QUOTE_TIMED_OUT');
  const body: QuoteBody = { type: QUOTE_REQUEST, timestamp: clock.now().toISOString(), data };
  const outcome = await askPrice(JSON.stringify(body), timeoutMs);
  switch (outcome.kind) {
    case 'timed_out':
      return refuse('QUOTE_TIMED_OUT');
    case 'too_large':
      return refuseFor('ANSWER_TOO_LARGE', 'QUOTE_MALFORMED', invocation);
    case 'unsigned':
      return refuseFor('EVENTS_KEY_MISSING', 'QUOTE_UNVERIFIED', invocation);
    case 'failed':
      return refuseFor(outcome.reason, 'QUOTE_FAILED', invocation);
    case 'answered':
      return readAnswer(outcome.answer, invocation);
  }
}

type FailedQuote = 'QUOTE_MALFORMED' | 'QUOTE_UNVERIFIED' | 'QUOTE_FAILED';

/** Refuses with a code of ours; the reason is the merchant's, and for the log alone. */
function refuseFor(quoteReason: string, code: FailedQuote, { log }: Invocation): Refusal {
  log.add({ level: 'error', quoteReason });
  return refuse(code);
}

function readAnswer(answer: unknown, invocation: Invocation): Quote | Refusal {
  const read = readQuoteAnswer(answer);
  switch (read.kind) {
    case 'refused': {
      const { quoteCode, quoteMsg } = read;
      return refuse('QUOTE_REFUSED', { details: { quoteCode, quoteMsg } });
    }
    case 'unverified':
      return refuseFor('SIGNATURE_REFUSED', 'QUOTE_UNVERIFIED', invocation);
    case 'malformed':
      return refuseFor(`${read.field || 'answer'}: ${read.why}`, 'QUOTE_MALFORMED', invocation);
    case 'quoted': {
      const body = cleanText(read.quote.body, TEXT_LIMITS.body);
      if (body !== '') return { ...read.quote, body };
      const why = 'body: nothing is left of it that WeChat shows';
      return refuseFor(why, 'QUOTE_MALFORMED', invocation);
    }
  }
}
