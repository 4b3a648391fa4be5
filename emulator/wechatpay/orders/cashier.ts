import type { World } from '../../world/world.ts';
import { compactDay } from '../wire/time.ts';
import { type CashierAnswer, type CashierOutcome, failure, OUTCOMES } from './cashierAnswers.ts';
import { isPaid, type LedgerOrder, type OrderLedger } from './ledger.ts';
import { MAGIC_AMOUNTS, type MagicAmount } from './magicAmounts.ts';

/** An action of the payer on WeChat's sheet. */
export type CashierAction = 'pay' | 'fail' | 'cancel';

/** The payer before the sheet; `outcome`: it fails by this, whatever the payer does. */
export interface Payer {
  openid?: string;
  outcome?: CashierOutcome;
}

/** WeChat's cashier (收银台): opens a prepay id and takes the money. */
export interface Cashier {
  act(prepayId: string, action: CashierAction, payer?: Payer): CashierAnswer;
  /** Books the money of an order that was paid, and notifies of it where it has to. */
  book(order: LedgerOrder, callback: 'sent' | 'none'): void;
}

/** Lists what the cashier needs. */
export interface CashierDeps {
  world: World;
  orders: OrderLedger;
  /** Has the merchant notified that the order was paid. */
  announce(paid: LedgerOrder): void;
  /** Amounts of {@link MAGIC_AMOUNTS} behave by themselves. */
  magicAmounts: boolean;
}

type Sheet = { kind: 'open'; order: LedgerOrder } | { kind: 'refused'; reason: string };

const PREPAY_LIFE_MS = 2 * 3_600_000;

const ACTIONS: Record<CashierAction, (deps: CashierDeps, order: LedgerOrder) => CashierAnswer> = {
  pay,
  fail: () => failure('支付失败'),
  cancel: () => ({ errMsg: 'requestPayment:fail cancel' }),
};

/** Builds the cashier; money in flight is stored in the agenda. */
export function createCashier(deps: CashierDeps): Cashier {
  const { world, orders } = deps;
  world.agenda.on('wechatpay.money', async ({ data }) => {
    const { mchid, outTradeNo } = data as { mchid: string; outTradeNo: string };
    const order = orders.find(mchid, outTradeNo);
    // The bank had taken it before the close: booked all the same.
    if (order && !isPaid(order)) bookPayment(deps, order);
  });
  return {
    book: (order, callback) =>
      bookPayment(callback === 'sent' ? deps : { ...deps, announce: () => {} }, order),
    act: (prepayId, action, payer) => {
      const sheet = openSheet(deps, prepayId, payer?.openid);
      const answer =
        sheet.kind === 'refused'
          ? failure(sheet.reason)
          : answerTo(deps, sheet.order, { action, outcome: payer?.outcome });
      const subject = orders.prepay(prepayId)?.outTradeNo ?? prepayId;
      world.timeline.add({ what: 'wechatpay.cashier', subject, detail: { action, ...answer } });
      return answer;
    },
  };
}

/** Answers an act on an open sheet; only a failure has an outcome of its own. */
function answerTo(
  deps: CashierDeps,
  order: LedgerOrder,
  { action, outcome }: { action: CashierAction; outcome: CashierOutcome | undefined },
): CashierAnswer {
  const isSpecial = action === 'fail' && outcome !== undefined;
  return isSpecial ? { ...OUTCOMES[outcome] } : ACTIONS[action](deps, order);
}

function pay(deps: CashierDeps, order: LedgerOrder): CashierAnswer {
  if (magicOf(deps, order)?.kind === 'payment_fails') return failure('余额不足');
  const fault = deps.world.faults.take('wechatpay.cashier', 'slow');
  if (fault) bookLater(deps, order, fault.delayMs ?? 60_000);
  else bookPayment(deps, order);
  return { errMsg: 'requestPayment:ok' };
}

function bookLater({ world }: CashierDeps, order: LedgerOrder, delayMs: number): void {
  const { mchid, outTradeNo } = order;
  world.agenda.plan({
    kind: 'wechatpay.money',
    key: `${mchid} ${outTradeNo}`,
    atMs: world.clock.nowMs() + delayMs,
    data: { mchid, outTradeNo },
  });
}

/** Books the money and announces it, as the amount's magic has it. */
function bookPayment(deps: CashierDeps, order: LedgerOrder): void {
  const { world, orders, announce } = deps;
  const nowMs = world.clock.nowMs();
  const transactionId = newTransactionId(world, nowMs);
  const notificationId = world.randomBytes(16).toString('hex');
  const paid: LedgerOrder = {
    ...order,
    state: 'SUCCESS',
    transactionId,
    notificationId,
    paidAtMs: nowMs,
  };
  orders.save(paid);
  const magic = magicOf(deps, order);
  if (magic?.kind === 'without_notification') return;
  if (magic?.kind === 'notification_fault') world.faults.set([magic.fault, ...world.faults.list()]);
  announce(paid);
}

function newTransactionId({ randomBytes }: World, nowMs: number): string {
  const serial = randomBytes(5).readUIntBE(0, 5).toString().padStart(13, '0').slice(-10);
  return `42000009${compactDay(nowMs)}${serial}00`;
}

function magicOf({ magicAmounts }: CashierDeps, { total }: LedgerOrder): MagicAmount | undefined {
  return magicAmounts ? MAGIC_AMOUNTS[total] : undefined;
}

function openSheet(
  { world, orders }: CashierDeps,
  prepayId: string,
  openid: string | undefined,
): Sheet {
  const prepay = orders.prepay(prepayId);
  const order = prepay && orders.find(prepay.mchid, prepay.outTradeNo);
  if (!order) return refusedSheet('无效的prepay_id');
  const nowMs = world.clock.nowMs();
  if (nowMs >= prepay.atMs + PREPAY_LIFE_MS) return refusedSheet('prepay_id已过期');
  if (isPaid(order)) return refusedSheet('该订单已支付');
  if (order.state === 'CLOSED') return refusedSheet('该订单已关闭');
  if (order.expiresAtMs !== undefined && nowMs >= order.expiresAtMs)
    return refusedSheet('该订单已过期');
  if (openid !== undefined && openid !== order.openid) return refusedSheet('付款人与下单人不一致');
  return { kind: 'open', order };
}

function refusedSheet(reason: string): Sheet {
  return { kind: 'refused', reason };
}
