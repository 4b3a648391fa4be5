import * as z from 'zod/mini';
import type { AgendaItem } from '../../world/agenda.ts';
import type { Callback } from '../cloudPay/callback.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import { attemptDelivery, type DeliveryDeps, type Message, sendProbe } from './delivery.ts';
import type { Notice } from './notice.ts';
import type { Channel, Notification, NotificationDeps } from './notification.ts';
import { PAYMENTS, paymentNotification } from './payments.ts';
import { REFUNDS, refundNotification } from './refunds.ts';

/**
 * Waits between attempts, in seconds; after the first come 15 more in 24 h 4 m.
 * Source: wechatpay-skills, 回调通知处理.
 */
const SCHEDULE_S = [
  0, 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
];
/**
 * CloudPay repeats for up to two days (Cloud.CloudPay 支付回调); by which schedule is not known, so
 * here it is this one, and every six hours then.
 */
const CALL_SCHEDULE_S = [...SCHEDULE_S, 21600, 21600, 21600];
/**
 * WeChat probes now and then whether signatures are really checked: here at every fifth of a kind.
 */
const PROBE_EVERY = 5;
const MESSAGES_MAX = 2000;

/** Notifications (回调通知): planned, signed, sent, sent again until acknowledged. */
export interface Notifier {
  /** Plans the first attempt to notify of a payment, now. */
  announce(order: LedgerOrder): void;
  /** Plans the same for the state that a refund is in, where it has an address. */
  announceRefund(refund: LedgerRefund): void;
  /** Has a payment notified once more, now: the attempt that is due later, or one beyond those made. */
  repeat(order: LedgerOrder): void;
  /** Has the state that a refund is in notified once more; false where nobody is notified of it. */
  repeatRefund(refund: LedgerRefund): boolean;
  /** Lists the last messages made, oldest first; those that a fault swallowed too. */
  messages(): readonly Message[];
  forget(): void;
  /** Answers what it remembers, as JSON. */
  memory(): NotifierMemory;
  /** Remembers what another one did; throws where that is no memory. */
  remember(memory: unknown): void;
}

const COUNT = z.int().check(z.nonnegative());
const MEMORY = z.strictObject({
  messages: z
    .array(
      z.union([
        z.strictObject({
          kind: z.literal('posted'),
          notice: z.strictObject({
            url: z.string(),
            headers: z.record(z.string(), z.string()),
            body: z.string(),
          }),
        }),
        z.strictObject({
          kind: z.literal('called'),
          callback: z.strictObject({
            functionName: z.string(),
            envId: z.string(),
            openid: z.string(),
            event: z.record(z.string(), z.unknown()),
          }),
        }),
      ]),
    )
    .check(z.maxLength(MESSAGES_MAX)),
  announced: z.strictObject({
    'wechatpay.notify': z.optional(COUNT),
    'wechatpay.refundNotify': z.optional(COUNT),
  }),
});

/** The messages that were made, and how many notifications of each kind were announced. */
export type NotifierMemory = z.infer<typeof MEMORY>;

/** Lists what the notifier needs. */
export type NotifierDeps = NotificationDeps & Omit<DeliveryDeps, 'remember'>;

interface Plan {
  about: Record<string, string>;
  attempts: number;
}

/** Builds the notifier; its plans live in the agenda and survive a restart. */
export function createNotifier(deps: NotifierDeps): Notifier {
  let messages: Message[] = [];
  const announced = new Map<Channel['at'], number>();
  const delivery: DeliveryDeps = {
    world: deps.world,
    keys: deps.keys,
    deliver: deps.deliver,
    callFunction: deps.callFunction,
    remember: (message) => {
      messages = [...messages.slice(1 - MESSAGES_MAX), message];
    },
  };
  for (const channel of [PAYMENTS, REFUNDS]) {
    handlePlans(deps, delivery, channel);
    handleProbes(deps, delivery, channel);
  }
  const announce = (channel: Channel, notification: Notification) => {
    plan(deps, channel.at, notification, 0);
    if (notification.content.kind !== 'signed') return; // Nothing unsigned is probed.
    const count = (announced.get(channel.at) ?? 0) + 1;
    announced.set(channel.at, count);
    if (count % PROBE_EVERY === 0) plan(deps, channel.probeKind, notification, 0);
  };
  return {
    announce: (order) => announce(PAYMENTS, paymentNotification(deps.orders, order)),
    announceRefund: (refund) => {
      const notification = refundNotification(deps, refund, refund.status);
      if (notification) announce(REFUNDS, notification);
    },
    repeat: (order) => repeat(deps, PAYMENTS.at, paymentNotification(deps.orders, order)),
    repeatRefund: (refund) => {
      const notification = refundNotification(deps, refund, refund.status);
      if (notification) repeat(deps, REFUNDS.at, notification);
      return notification !== undefined;
    },
    messages: () => messages,
    forget: () => {
      messages = [];
      announced.clear();
    },
    memory: () => ({ messages, announced: Object.fromEntries(announced) }),
    remember: (memory) => {
      const known = MEMORY.parse(memory);
      messages = known.messages;
      announced.clear();
      for (const { at } of [PAYMENTS, REFUNDS]) announced.set(at, known.announced[at] ?? 0);
    },
  };
}

/** Prints a message as it left: the notice or the callback, byte for byte. */
export function contentOfMessage(message: Message): Notice | Callback {
  return message.kind === 'posted' ? message.notice : message.callback;
}

/** Attempts what falls due, until it is acknowledged. */
function handlePlans(deps: NotifierDeps, delivery: DeliveryDeps, channel: Channel): void {
  const { agenda } = deps.world;
  agenda.on(channel.at, async (item) => {
    const { about, attempts: before } = planOf(item);
    const notification = channel.find(deps, about);
    if (!notification) return;
    // Planned before it is sent: a cloud that dies meanwhile tries again.
    plan(deps, channel.at, notification, before + 1);
    const attempts = await attemptDelivery(delivery, channel.at, notification);
    notification.record(attempts);
    const last = attempts.at(-1)?.status;
    if (last === 200 || last === 204) agenda.cancel(channel.at, keyOf(notification.about));
  });
}

/** Sends the probes that fall due. */
function handleProbes(deps: NotifierDeps, delivery: DeliveryDeps, channel: Channel): void {
  const { agenda, timeline } = deps.world;
  agenda.on(channel.probeKind, async (item) => {
    const notification = channel.find(deps, planOf(item).about);
    if (notification?.content.kind !== 'signed') return;
    const status = await sendProbe(delivery, notification.content);
    timeline.add({ what: channel.probeAt, subject: notification.subject, detail: { status } });
  });
}

/** Plans the attempt that follows so many; none where the schedule is over. */
function plan(
  { world }: NotifierDeps,
  kind: string,
  { about, content }: Notification,
  attempts: number,
): void {
  const schedule = content.kind === 'call' ? CALL_SCHEDULE_S : SCHEDULE_S;
  const waitS = schedule[attempts];
  if (waitS === undefined) return;
  const atMs = world.clock.nowMs() + waitS * 1000;
  world.agenda.plan({ kind, key: keyOf(about), atMs, data: { ...about, attempts } });
}

/** Plans an attempt for now: the one that waits in the plan, else the last of the schedule, which none follows. */
function repeat({ world }: NotifierDeps, kind: string, { about, content }: Notification): void {
  const { agenda, clock } = world;
  const key = keyOf(about);
  const waiting = agenda.list().find((item) => item.kind === kind && item.key === key);
  const schedule = content.kind === 'call' ? CALL_SCHEDULE_S : SCHEDULE_S;
  const attempts = waiting ? planOf(waiting).attempts : schedule.length - 1;
  agenda.plan({ kind, key, atMs: clock.nowMs(), data: { ...about, attempts } });
}

function keyOf(about: Notification['about']): string {
  return Object.values(about).join(' ');
}

function planOf({ data }: AgendaItem): Plan {
  const { attempts, ...about } = data as { attempts: number };
  return { about, attempts };
}
