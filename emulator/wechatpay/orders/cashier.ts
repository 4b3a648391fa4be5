import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { isPaid, type Ledger, type LedgerOrder } from './ledger.ts';
import { beijingDay } from './wire.ts';

/** What the payer does on WeChat's sheet. */
export type CashierAction = 'pay' | 'fail' | 'cancel';

/** What `wx.requestPayment` answers: `requestPayment:ok`, `…:fail cancel`, `…:fail (why)`. */
export interface CashierAnswer {
  errMsg: string;
  /** Why the sheet did not open, or the payment failed. */
  reason?: string;
}

const PREPAY_LIFE_MS = 2 * 3_600_000;

/** WeChat's cashier (收银台): opens a prepay id and takes the money. */
export interface Cashier {
  act(prepayId: string, action: CashierAction, payer?: { openid?: string }): CashierAnswer;
}

type Magic = 'silent' | 'fails' | 'twice' | 'forged_first' | 'changed_first';

/** Amounts of the old acceptance sandbox that behave by themselves, in fen; only when asked for. */
const magic: Record<number, Magic> = {
  130: 'silent',
  131: 'fails',
  132: 'twice',
  133: 'forged_first',
  134: 'changed_first',
};

const spoiled: Partial<Record<Magic, Fault>> = {
  twice: { at: 'wechatpay.notify', kind: 'duplicate', times: 1 },
  forged_first: { at: 'wechatpay.notify', kind: 'forged', times: 1 },
  changed_first: { at: 'wechatpay.notify', kind: 'mutated', code: 'AMOUNT', times: 1 },
};

/** What the cashier works with. */
export interface CashierParts {
  world: World;
  ledger: Ledger;
  notifier: Notifier;
  magicAmounts: boolean;
}

/** Builds the cashier; money in flight is kept in the agenda. */
export function createCashier(parts: CashierParts): Cashier {
  const { world, ledger } = parts;
  world.agenda.on('wechatpay.money', async ({ data }) => {
    const { mchid, outTradeNo } = data as { mchid: string; outTradeNo: string };
    const order = ledger.find(mchid, outTradeNo);
    // The bank had taken it before the close: booked all the same.
    if (order && !isPaid(order)) book(parts, order);
  });
  return {
    act: (prepayId, action, payer) => {
      const opened = openSheet(world, ledger, prepayId, payer?.openid);
      const answer = 'reason' in opened ? failed(opened.reason) : acts[action](parts, opened.order);
      const subject = ledger.prepay(prepayId)?.outTradeNo ?? prepayId;
      world.timeline.add({ what: 'wechatpay.cashier', subject, detail: { action, ...answer } });
      return answer;
    },
  };
}

const acts: Record<CashierAction, (parts: CashierParts, order: LedgerOrder) => CashierAnswer> = {
  pay,
  fail: () => failed('支付失败'),
  cancel: () => ({ errMsg: 'requestPayment:fail cancel' }),
};

function pay(parts: CashierParts, order: LedgerOrder): CashierAnswer {
  const { world } = parts;
  if (magicOf(parts, order) === 'fails') return failed('余额不足');
  const fault = world.faults.take('wechatpay.cashier', 'slow');
  if (!fault) book(parts, order);
  else {
    const { mchid, outTradeNo } = order;
    const atMs = world.clock.nowMs() + (fault.delayMs ?? 60_000);
    const key = `${mchid} ${outTradeNo}`;
    world.agenda.plan({ kind: 'wechatpay.money', key, atMs, data: { mchid, outTradeNo } });
  }
  return { errMsg: 'requestPayment:ok' };
}

/** Books the money and announces it, as the amount's magic has it. */
function book(parts: CashierParts, order: LedgerOrder): void {
  const { world, ledger, notifier } = parts;
  const now = world.clock.nowMs();
  const digits = beijingDay(now).replaceAll('-', '');
  const serial = world.randomBytes(5).readUIntBE(0, 5).toString().padStart(13, '0').slice(-10);
  const transactionId = `42000009${digits}${serial}00`;
  const notificationId = world.randomBytes(16).toString('hex');
  const paid = {
    ...order,
    state: 'SUCCESS',
    transactionId,
    notificationId,
    paidAtMs: now,
  } as const;
  ledger.save(paid);
  const does = magicOf(parts, order);
  if (does === 'silent') return;
  const spoil = does === undefined ? undefined : spoiled[does];
  if (spoil) world.faults.set([spoil, ...world.faults.list()]);
  notifier.announce(paid);
}

function magicOf({ magicAmounts }: CashierParts, { total }: LedgerOrder): Magic | undefined {
  return magicAmounts ? magic[total] : undefined;
}

function failed(reason: string): CashierAnswer {
  return { errMsg: `requestPayment:fail ${reason}`, reason };
}

function openSheet(
  { clock }: World,
  ledger: Ledger,
  prepayId: string,
  openid: string | undefined,
): { order: LedgerOrder } | { reason: string } {
  const prepay = ledger.prepay(prepayId);
  const order = prepay && ledger.find(prepay.mchid, prepay.outTradeNo);
  const now = clock.nowMs();
  if (!order) return { reason: '无效的prepay_id' };
  if (now >= prepay.atMs + PREPAY_LIFE_MS) return { reason: 'prepay_id已过期' };
  if (isPaid(order)) return { reason: '该订单已支付' };
  if (order.state === 'CLOSED') return { reason: '该订单已关闭' };
  if (order.expiresAtMs !== undefined && now >= order.expiresAtMs)
    return { reason: '该订单已过期' };
  if (openid !== undefined && openid !== order.openid) return { reason: '付款人与下单人不一致' };
  return { order };
}
