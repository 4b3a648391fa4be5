import type { AgendaItem } from '../../world/agenda.ts';
import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import { type Callback, type CallFunction, callbackOf, statusOf } from '../cloudPay/callback.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { LedgerOrder, Try } from '../orders/ledger.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import {
  type Books,
  type Channel,
  type News,
  paymentNews,
  payments,
  refundings,
  refundNews,
} from './notification.ts';
import { type Notice, noticeOf, probeOf } from './signed.ts';
import { onlySeemsTaken, type Reply, xmlNoticeOf } from './unsignedXml.ts';

/** Brings a notice to its address; tells how it was answered, or that nobody is there. */
export type Deliver = (notice: Notice) => Promise<Reply | 'unreachable'>;

/**
 * Waits between tries, in seconds; after the first come 15 more in 24 h 4 m.
 * Source: wechatpay-skills, 回调通知处理.
 */
const scheduleS = [
  0, 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
];
/**
 * CloudPay repeats for up to two days (Cloud.CloudPay 支付回调); by which schedule is not known, so here
 * it is this one, and every six hours then.
 */
const callScheduleS = [...scheduleS, 21600, 21600, 21600];
const ANSWER_WITHIN_MS = 5000;
/** WeChat probes now and then whether signatures are really checked: here at every fifth of a kind. */
const PROBE_EVERY = 5;
const NOTICES_MAX = 2000;

/** Notifications (回调通知): planned, signed, sent, sent again until acknowledged. */
export interface Notifier {
  /** Plans the first try of a payment's notice, now. */
  announce(order: LedgerOrder): void;
  /** The same for the state that a refund is in, where it has an address. */
  announceRefund(refund: LedgerRefund): void;
  /** The last notices made, oldest first; those that a fault swallowed too. */
  notices(): readonly (Notice | Callback)[];
  forget(): void;
}

/** What the notifier works with. */
export interface NotifierParts extends Books {
  world: World;
  keys: KeyRing;
  deliver: Deliver;
  callFunction: CallFunction;
}

interface Plan {
  about: Record<string, string>;
  tried: number;
}

/** Where the notifier keeps what it made. */
type Remember = <T extends Notice | Callback>(notice: T) => T;

/** Builds the notifier; its plans live in the agenda and survive a restart. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { world, ledger } = parts;
  let made: (Notice | Callback)[] = [];
  let announced: Partial<Record<Channel['at'], number>> = {};
  const remember: Remember = (notice) => {
    made = [...made.slice(1 - NOTICES_MAX), notice];
    return notice;
  };
  for (const channel of [payments, refundings]) listen(parts, channel, remember);
  const announce = (channel: Channel, news: News) => {
    plan(world, channel.at, news, 0);
    // What is not signed is not probed.
    if (!('resource' in news.told)) return;
    const count = (announced[channel.at] ?? 0) + 1;
    announced[channel.at] = count;
    if (count % PROBE_EVERY === 0) plan(world, channel.probe, news, 0);
  };
  return {
    announce: (order) => announce(payments, paymentNews(ledger, order)),
    announceRefund: (refund) => {
      const news = refundNews(parts, refund, refund.status);
      if (news) announce(refundings, news);
    },
    notices: () => made,
    forget: () => {
      made = [];
      announced = {};
    },
  };
}

function listen(parts: NotifierParts, channel: Channel, remember: Remember): void {
  const { world, keys } = parts;
  world.agenda.on(channel.at, async (item) => {
    const { about, tried } = planOf(item);
    const news = channel.find(parts, about);
    if (news) await notify(parts, channel, news, tried, remember);
  });
  world.agenda.on(channel.probe, async (item) => {
    const news = channel.find(parts, planOf(item).about);
    if (!news || !('resource' in news.told)) return;
    const status = await send(parts, remember(probeOf(world, keys, news.told)));
    const what = channel === payments ? 'wechatpay.probe' : 'wechatpay.refundProbe';
    world.timeline.add({ what, subject: news.subject, detail: { status } });
  });
}

function plan({ agenda, clock }: World, kind: string, { about, told }: News, tried: number): void {
  const waitS = ('functionName' in told ? callScheduleS : scheduleS)[tried];
  if (waitS === undefined) return;
  const atMs = clock.nowMs() + waitS * 1000;
  agenda.plan({ kind, key: keyOf(about), atMs, data: { ...about, tried } });
}

function keyOf(about: News['about']): string {
  return Object.values(about).join(' ');
}

function planOf({ data }: AgendaItem): Plan {
  const { tried, ...about } = data as { tried: number };
  return { about, tried };
}

async function notify(
  parts: NotifierParts,
  channel: Channel,
  news: News,
  tried: number,
  remember: Remember,
): Promise<void> {
  const { world } = parts;
  // Planned before it is sent: a cloud that dies meanwhile tries again.
  plan(world, channel.at, news, tried + 1);
  const tries = await tryOnce(parts, channel, news, remember);
  news.record(tries);
  const last = tries.at(-1)?.status;
  if (last === 200 || last === 204) world.agenda.cancel(channel.at, keyOf(news.about));
}

async function tryOnce(
  parts: NotifierParts,
  { at: what }: Channel,
  { told, subject }: News,
  remember: Remember,
): Promise<Try[]> {
  const { world, keys } = parts;
  const fault = world.faults.take(what);
  const notice = remember(made(world, keys, told, fault));
  const at = world.clock.now().toISOString();
  const tried = (status: Try['status']): Try => {
    const detail = { status, ...(fault ? { fault: fault.kind } : {}) };
    world.timeline.add({ what, subject, detail });
    return { at, status };
  };
  if (fault?.kind === 'lost_request') return [tried('lost')];
  if (fault?.kind === 'slow') await world.life.pauseMs(fault.delayMs ?? 0);
  const first = tried(await send(parts, notice));
  if (fault?.kind === 'lost_answer') return [{ ...first, status: 'lost' }];
  return fault?.kind === 'duplicate' ? [first, tried(await send(parts, notice))] : [first];
}

function made(world: World, keys: KeyRing, told: News['told'], fault?: Fault): Notice | Callback {
  if ('functionName' in told) return callbackOf(world, told, fault);
  return 'fields' in told
    ? xmlNoticeOf(world, keys, told, fault)
    : noticeOf(world, keys, told, fault);
}

async function send(
  { deliver, callFunction, world }: NotifierParts,
  notice: Notice | Callback,
): Promise<Try['status']> {
  // How long CloudPay waits for a function is not known: here, as long as the function may run.
  if ('functionName' in notice) return statusOf(callFunction(notice));
  const late = world.life.pauseMs(ANSWER_WITHIN_MS).then((): 'late' => 'late');
  const reply = await Promise.race([deliver(notice), late]);
  if (typeof reply === 'string') return reply;
  return onlySeemsTaken(notice, reply) ? 'error' : reply.status;
}
