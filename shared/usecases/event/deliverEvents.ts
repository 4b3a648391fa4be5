import type {
  DeliverEventsAnswer,
  DeliverEventsInput,
} from '../../contract/timer/deliverEvents.ts';
import type { Channel } from '../../domain/delivery/deliveryState.ts';
import { DELIVERY_CONCURRENCY } from '../../domain/limits.ts';
import { UNREADABLE_RETRY_MS } from '../../domain/schedules.ts';
import { type Due, StoreError } from '../../ports/store.ts';
import { hasTimeForDelivery } from '../step/deadline.ts';
import type { Invocation } from '../step/deps.ts';
import { slidingWindow } from '../step/slidingWindow.ts';
import { createPages } from '../timer/duePages.ts';
import { createTally } from '../timer/tally.ts';
import { redeliverDay, redeliverOrder } from './askAgain.ts';
import { type DeliverDeps, type DeliveryRun, deliverOrder } from './deliverOrder.ts';
import { holdingNothingUp } from './disabledChannels.ts';

type Tally = ReturnType<typeof createTally>;

/** The error of a function that was uploaded with the platform's default of 3 s. */
const TIMEOUT_TOO_SHORT =
  'TIMEOUT_TOO_SHORT 函数超时时间不足 20 秒，未通知任何事件；请设为 55 秒 (the function has less than 20 s and delivers nothing: set its time-out to 55 s)';

/** A repeat that is due so soon is made by the same call. */
const REPEATED_HERE_MS = 6000;

/**
 * 通知商户: delivers what is due to the merchant's function and address, each channel on its own, so that
 * one which is slow or dead never holds the other up, nor one order another. A person or the merchant's
 * server asks for an order or a day again; that enables the channels that are disabled.
 */
export async function deliverEvents(
  input: DeliverEventsInput,
  { store, clock, merchant, disabledChannels: stored }: DeliverDeps,
  invocation: Invocation,
): Promise<DeliverEventsAnswer> {
  const disabledChannels = holdingNothingUp(stored, invocation);
  // Named one by one: a spread would make whatever else a bundle was built without.
  const deps = { store, clock, merchant, disabledChannels };
  const purpose = purposeOf(input, invocation);
  if (purpose.kind === 'due') invocation.log.add({ oldestDueMs: await oldestDueMs(deps) });
  const { channels } = merchant;
  const tally = createTally();
  const count = (outcome: string) => tally.add('', [{ kind: 'outcome', outcome }]);
  const run: DeliveryRun = { channels, disabled: new Set(), count };
  // Without a key nothing can be signed: the events wait.
  if (channels.length === 0) return report({ more: false }, tally, run, invocation);
  if (!hasTimeForDelivery(invocation)) {
    invocation.log.add({ level: 'error', error: TIMEOUT_TOO_SHORT });
    return report({ more: true }, tally, run, invocation);
  }
  if (purpose.isAgain) await disabledChannels.enable(channels);
  else run.disabled = await disabledNow(deps);
  const done = await serve(purpose, { ...deps, run, tally }, invocation);
  const answer = report(done, tally, run, invocation);
  // Thrown only now, when nothing that was begun is under way any more.
  if (done.error !== undefined) throw done.error;
  return answer;
}

/** Says what a call is for, and whether something that was delivered before is to be delivered again. */
type Purpose =
  | { kind: 'due'; isAgain: false }
  | { kind: 'order'; isAgain: boolean; outTradeNo: string }
  | { kind: 'day'; isAgain: true; day: string; from?: string | undefined };

/** Reads what a call is for. Whoever is no person nor the merchant's server starts what is due, no more. */
function purposeOf(input: DeliverEventsInput, { caller }: Invocation): Purpose {
  const isAgain = caller.kind === 'admin' || caller.kind === 'service';
  if ('outTradeNo' in input) return { kind: 'order', isAgain, ...input };
  if ('day' in input && isAgain) return { kind: 'day', isAgain, ...input };
  return { kind: 'due', isAgain: false };
}

type Done = Pick<DeliverEventsAnswer, 'more' | 'from'> & { error?: unknown };

async function serve(purpose: Purpose, deps: Window, invocation: Invocation): Promise<Done> {
  const perOrder = { ...invocation, log: { ...invocation.log, add: () => {} } };
  switch (purpose.kind) {
    case 'due': {
      const { channels } = deps.run;
      const ended = await Promise.all(channels.map((each) => deliverDue(each, deps, perOrder)));
      const error = ended.find((each) => each.error !== undefined)?.error;
      return { more: ended.some(({ isDone }) => !isDone), error };
    }
    case 'day':
      return redeliverDay(purpose, deps, perOrder);
    case 'order': {
      const { outTradeNo, isAgain } = purpose;
      invocation.log.add({ outTradeNo });
      if (isAgain) await redeliverOrder(outTradeNo, deps, perOrder);
      await deliverOne(outTradeNo, deps, perOrder);
      return { more: false };
    }
  }
}

/** Finds how long the delivery that was due first has waited. */
async function oldestDueMs({ store, clock }: DeliverDeps): Promise<number> {
  const now = clock.now();
  const [first] = await store.due('deliver', now, 1);
  return first === undefined ? 0 : now.getTime() - first.at.getTime();
}

/** Makes the answer of a run, and adds it to the log. */
function report(
  { more, from }: Pick<DeliverEventsAnswer, 'more' | 'from'>,
  { counts, failures }: Tally,
  run: DeliveryRun,
  { log }: Invocation,
): DeliverEventsAnswer {
  const answer: DeliverEventsAnswer = { counts, more };
  log.add({ counts, more });
  if (from !== undefined) answer.from = from;
  if (failures.length > 0) log.add({ level: 'error', failures });
  if (run.disabled.size > 0) {
    const disabled = [...run.disabled];
    log.add({ level: 'error', disabled });
    answer.disabled = disabled;
  }
  return answer;
}

/** Delivers what is due of one order, on every channel at once; a repeat that comes soon too. */
async function deliverOne(
  outTradeNo: string,
  deps: DeliverDeps & { run: DeliveryRun },
  invocation: Invocation,
): Promise<void> {
  const deliverOn = async (channel: Channel) => {
    const nextAt = await deliverOrder(outTradeNo, channel, deps, invocation);
    const waitMs = nextAt ? nextAt.getTime() - deps.clock.now().getTime() : REPEATED_HERE_MS;
    if (waitMs <= 0 || waitMs >= REPEATED_HERE_MS) return;
    await deps.clock.wait(waitMs);
    await deliverOrder(outTradeNo, channel, deps, invocation);
  };
  await Promise.all(deps.run.channels.map(deliverOn));
}

/** Finds the channels that are disabled where they lead now. */
async function disabledNow({ merchant, disabledChannels }: DeliverDeps): Promise<Set<Channel>> {
  const disabled = await disabledChannels.list();
  const here = disabled.filter(({ channel, place }) => merchant.placeOf(channel) === place);
  return new Set(here.map(({ channel }) => channel));
}

interface Window extends DeliverDeps {
  run: DeliveryRun;
  tally: Tally;
}

/** Works on every order that has something due, until none has or the time is over. */
async function deliverDue(
  channel: Channel,
  { run, tally, ...deps }: Window,
  invocation: Invocation,
): Promise<{ isDone: boolean; error?: unknown }> {
  const pages = createPages(deps, 'deliver', { size: DELIVERY_CONCURRENCY * 5, isOwn: () => true });
  let error: unknown;
  const list = async () => {
    try {
      return await pages();
    } catch (caught) {
      error = caught;
      return [];
    }
  };
  const work = async (item: Due) => {
    try {
      await deliverOrder(item.outTradeNo, channel, { ...deps, run }, invocation);
    } catch (caught) {
      tally.add(item.outTradeNo, [{ kind: 'failure', code: codeOf(caught), error: caught }]);
      await setAside(item, caught, deps).catch(() => {});
    }
  };
  const mayGoOn = () => error === undefined && hasTimeForDelivery(invocation);
  const { isDone } = await slidingWindow(
    { list, concurrency: DELIVERY_CONCURRENCY, mayGoOn, work },
    deps.clock,
  );
  return error === undefined ? { isDone } : { isDone: false, error };
}

/** Moves a document on that cannot be read, so that it never blocks the others. */
async function setAside(item: Due, error: unknown, { store, clock }: DeliverDeps): Promise<void> {
  if (!(error instanceof StoreError) || error.retry !== 'never') return;
  await store.lease(item, 'deliver', new Date(clock.now().getTime() + UNREADABLE_RETRY_MS));
}

function codeOf(error: unknown): string {
  return error instanceof StoreError ? error.code : 'INTERNAL_ERROR';
}
