import type { Item } from '../world/agenda.ts';
import type { World } from '../world/world.ts';
import type { KeyRing } from './keys.ts';
import type { Ledger, LedgerOrder, Try } from './ledger.ts';
import { type Notice, noticeOf, probeOf } from './notice.ts';

/** Brings a notice to its address; answers the status, or that nobody is there. */
export type Deliver = (notice: Notice) => Promise<{ status: number } | 'unreachable'>;

/** Waits between tries, in seconds; after the first come 15 more in 24 h 4 m. Source: 回调通知处理.md. */
const scheduleS = [
  0, 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
];
const ANSWER_WITHIN_MS = 5000;
/** WeChat probes now and then whether signatures are really checked: here at every fifth payment. */
const PROBE_EVERY = 5;
const NOTICES_MAX = 2000;

/** Notifications (回调通知): planned, signed, sent, sent again until acknowledged. */
export interface Notifier {
  /** Plans the first try, now. */
  announce(order: LedgerOrder): void;
  /** The last notices made, oldest first; those that a fault swallowed too. */
  notices(): readonly Notice[];
  forget(): void;
}

/** What the notifier works with. */
export interface NotifierParts {
  world: World;
  ledger: Ledger;
  keys: KeyRing;
  deliver: Deliver;
}

interface Plan {
  mchid: string;
  outTradeNo: string;
  tried: number;
}

/** Builds the notifier; its plans live in the agenda and survive a restart. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { world, ledger, keys } = parts;
  let made: Notice[] = [];
  let announced = 0;
  const remember = (notice: Notice) => {
    made = [...made.slice(1 - NOTICES_MAX), notice];
    return notice;
  };
  world.agenda.on('wechatpay.notify', async (item) => {
    const found = orderOf(ledger, item);
    if (found) await notify(parts, found.order, found.tried, remember);
  });
  // Its name sorts before the notice itself, so that the probe comes first.
  world.agenda.on('wechatpay.a-probe', async (item) => {
    const found = orderOf(ledger, item);
    if (!found) return;
    const status = await send(parts, remember(probeOf(world, keys, found.order)));
    const { outTradeNo: subject } = found.order;
    world.timeline.add({ what: 'wechatpay.probe', subject, detail: { status } });
  });
  return {
    announce: (order) => {
      announced += 1;
      if (announced % PROBE_EVERY === 0) plan(world, 'wechatpay.a-probe', order, 0);
      plan(world, 'wechatpay.notify', order, 0);
    },
    notices: () => made,
    forget: () => {
      made = [];
      announced = 0;
    },
  };
}

function plan({ agenda, clock }: World, kind: string, order: LedgerOrder, tried: number): void {
  const waitS = scheduleS[tried];
  if (waitS === undefined) return;
  const { mchid, outTradeNo } = order;
  const data: Plan = { mchid, outTradeNo, tried };
  agenda.plan({ kind, key: `${mchid} ${outTradeNo}`, atMs: clock.nowMs() + waitS * 1000, data });
}

function orderOf(ledger: Ledger, { data }: Item) {
  const { mchid, outTradeNo, tried } = data as Plan;
  const order = ledger.find(mchid, outTradeNo);
  return order && { order, tried };
}

async function notify(
  parts: NotifierParts,
  order: LedgerOrder,
  tried: number,
  remember: (notice: Notice) => Notice,
): Promise<void> {
  const { world, ledger } = parts;
  // Planned before it is sent: a cloud that dies meanwhile tries again.
  plan(world, 'wechatpay.notify', order, tried + 1);
  const tries = await tryOnce(parts, order, remember);
  // Read again: the world went on while the merchant thought about it.
  const now = ledger.find(order.mchid, order.outTradeNo);
  if (now) ledger.save({ ...now, tries: [...now.tries, ...tries] });
  const last = tries.at(-1)?.status;
  const { mchid, outTradeNo } = order;
  if (last === 200 || last === 204)
    world.agenda.cancel('wechatpay.notify', `${mchid} ${outTradeNo}`);
}

async function tryOnce(
  parts: NotifierParts,
  order: LedgerOrder,
  remember: (notice: Notice) => Notice,
): Promise<Try[]> {
  const { world, keys } = parts;
  const fault = world.faults.strike('wechatpay.notify');
  const notice = remember(noticeOf(world, keys, order, fault));
  const at = world.clock.now().toISOString();
  const told = (status: Try['status']): Try => {
    const { outTradeNo: subject } = order;
    const detail = { status, ...(fault ? { fault: fault.kind } : {}) };
    world.timeline.add({ what: 'wechatpay.notify', subject, detail });
    return { at, status };
  };
  if (fault?.kind === 'lost_request') return [told('lost')];
  const first = told(await send(parts, notice));
  if (fault?.kind === 'lost_answer') return [{ ...first, status: 'lost' }];
  return fault?.kind === 'duplicate' ? [first, told(await send(parts, notice))] : [first];
}

async function send({ deliver, world }: NotifierParts, notice: Notice): Promise<Try['status']> {
  const late = world.waitMs(ANSWER_WITHIN_MS).then((): 'late' => 'late');
  const reply = await Promise.race([deliver(notice), late]);
  return typeof reply === 'string' ? reply : reply.status;
}
