import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** Whoever is answered waits no longer for the start of deliveries: what is lost then the timer makes good. */
const ACCEPTED_WITHIN_MS = 300;
/** The time that is kept to answer. */
const ANSWER_RESERVE_MS = 500;

type Deps = Pick<UseCaseDeps, 'callDeliverEvents' | 'clock'>;

/** A use case, whatever it takes and answers. */
type UseCase<I, D, R> = (input: I, deps: D, invocation: Invocation) => Promise<R>;

/** Makes a use case start the deliveries of what it wrote, however it ends. */
export function thenDeliver<I, D extends Deps, R>(run: UseCase<I, D, R>): UseCase<I, D, R> {
  return async function runThenDeliver(input, deps, invocation) {
    const toDeliver = new Set<string>();
    try {
      return await run(input, deps, { toDeliver, ...invocation });
    } finally {
      if (toDeliver.size > 0) await startDelivery(toDeliver, deps, invocation);
    }
  };
}

/**
 * Starts the deliveries of documents to which this invocation wrote events, once it has done its work, and
 * waits a moment for their acceptance, never for their end. A failure is logged; no answer changes by it.
 */
async function startDelivery(
  numbers: ReadonlySet<string>,
  { callDeliverEvents, clock }: Deps,
  invocation: Invocation,
): Promise<void> {
  const waitMs = Math.min(ACCEPTED_WITHIN_MS, invocation.remainingMs() - ANSWER_RESERVE_MS);
  if (!callDeliverEvents || waitMs <= 0) return;
  const [first, ...others] = numbers;
  // Of more than one the run that a timer makes takes care.
  const data = others.length === 0 ? { outTradeNo: first } : { Type: 'Timer' };
  const start = async () => refuseFailure(await callDeliverEvents(data));
  const started = start().catch((error: unknown) => {
    const text = `DELIVERY_NOT_STARTED ${String(error)}`.slice(0, 500);
    invocation.log.line({ level: 'warn', error: text });
  });
  await Promise.race([started, clock.wait(waitMs)]);
}

/** Throws where the answer is not that of a run: another key, say, is answered and not thrown. */
function refuseFailure(answer: unknown): void {
  const { errCode, errMsg } = Object(answer) as { errCode?: unknown; errMsg?: unknown };
  if (errCode !== 0) throw new Error(`${String(errCode)} ${String(errMsg)}`);
}
