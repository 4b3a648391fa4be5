import type { CallFunction } from '../shared/channel/functionChannel.ts';
import { createQuotes } from '../shared/channel/quotes.ts';
import { isRefusal, type Refusal } from '../shared/contract/answer.ts';
import { readEventsKeys } from '../shared/contract/event/signature.ts';
import type { LogFields } from '../shared/ports/log.ts';
import { quotePrice } from '../shared/usecases/placing/quotePrice.ts';
import type { AnswerOf, BodyOf } from './control/api/controlApi.ts';
import { priceSourceOf } from './environment.ts';
import type { Runner } from './runner/runner.ts';
import type { World } from './world/world.ts';

/** The merchant's side of a sale: who names prices, and what something costs by its function. */
export interface Prices {
  priceSource: 'quote' | 'client' | 'service';
  quote(question: BodyOf<'POST /_local/quote'>): Promise<AnswerOf<'POST /_local/quote'>>;
}

/** Lists what questions to the merchant's function need. */
export interface PricesDeps {
  world: Pick<World, 'clock' | 'randomBytes' | 'life'>;
  runner: Pick<Runner, 'invoke'>;
  /** The key of a cloud whose starter names none. */
  eventsKey: string;
  env: Readonly<Record<string, string | undefined>>;
}

const USUAL_FUNCTION = 'quoteOrder';
const USUAL_PAYER = 'oLocalUser';
/** As long as a function that orders may take. */
const REMAINING_MS = 20_000;

/** Asks the merchant's function what something costs, by the code of `unifiedOrder` itself, and orders nothing. */
export function createPrices({ world, runner, eventsKey, env }: PricesDeps): Prices {
  const { WXPAY_EVENTS_KEY = eventsKey, WXPAY_QUOTE_FUNCTION = USUAL_FUNCTION } = env;
  const { clock, randomBytes } = world;
  const askPrice = createQuotes(
    { keys: readEventsKeys(WXPAY_EVENTS_KEY), quoteFunction: WXPAY_QUOTE_FUNCTION },
    { now: clock.now, randomBytes, callFunction: createCall({ world, runner }) },
  );
  return {
    priceSource: priceSourceOf(env),
    quote: async ({ request, openid = USUAL_PAYER }) => {
      const logged: Partial<LogFields>[] = [];
      const log = {
        add: (fields: Partial<LogFields>) => void logged.push(fields),
        count: () => {},
        line: () => {},
      };
      const caller = { kind: 'user', openid, source: 'wx_client' } as const;
      const invocation = { requestId: '', caller, remainingMs: () => REMAINING_MS, log };
      const deps = {
        askPrice,
        clock: { ...clock, monotonicMs: clock.nowMs, wait: world.life.pauseMs },
      };
      const result = await quotePrice({ openid, request }, deps, invocation);
      if (isRefusal(result)) return refusedAnswer(result, logged.at(-1)?.quoteReason);
      const { body, totalFee, purchaseId } = result;
      return {
        kind: 'quoted',
        body,
        totalFee,
        ...(purchaseId === undefined ? {} : { purchaseId }),
      };
    },
  };
}

function refusedAnswer(
  { refused, text, details = {} }: Refusal,
  reason: string | undefined,
): AnswerOf<'POST /_local/quote'> {
  const { quoteCode, quoteMsg } = details;
  return {
    kind: 'refused',
    code: refused,
    message: text,
    ...(quoteCode === undefined ? {} : { quoteCode: String(quoteCode) }),
    ...(quoteMsg === undefined ? {} : { quoteMsg: String(quoteMsg) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Calls a function as another function does; whoever waits longer than it may gets the SDK's word for it. */
function createCall({ world, runner }: Pick<PricesDeps, 'world' | 'runner'>): CallFunction {
  return async (name, data, timeoutMs) => {
    const called = runner.invoke(name, data, { kind: 'function', chain: 'wx_client,scf' });
    const first = await Promise.race([called, world.life.pauseMs(timeoutMs)]);
    if (!first) throw new CallError('ETIMEDOUT', `no answer in ${timeoutMs} ms`);
    const { result, error } = first;
    if (error) throw new CallError(error.code, error.message);
    return result;
  };
}

/** A call of a function failed with the platform's code. */
class CallError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
