import { expect } from 'vitest';
import { beijingDay } from '../../shared/domain/beijing.ts';
import type { Answer, Fault, Stage, StoredOrder, Truth } from '../e2e/stage.ts';
import { aFulfilment } from './fulfilment.ts';
import { aPurchase } from './purchase.ts';
import { ORDERS, type Step } from './steps.ts';

const payer = { openid: 'oPayer' };
const TOTAL = 1990;

/** Plays a history, checking at every step what must always hold, and at its end what must become. */
export async function play(stage: Stage, steps: readonly Step[], serial: number): Promise<void> {
  await stage.reset();
  const numberOf = (order: number) => `H${String(serial).padStart(6, '0')}${order}`;
  const prepayIds = new Map<number, string>();
  const clocksAgree = !steps.some((one) => one.does === 'platform' && one.to.clockAheadMs);
  const purchase = aPurchase(stage, serial);
  const fulfilment = aFulfilment(stage);
  let active: Fault[] = [];
  const orders = Array.from({ length: ORDERS }, (_, order) => numberOf(order));
  const checkAll = async () => {
    const check = async (number: string) => {
      await always(stage, number, { clocksAgree });
      await fulfilment.always(number);
    };
    for (const number of orders) await check(number);
    await purchase.always(check);
  };
  for (const one of steps) {
    if (one.does === 'purchase') await purchase.order(one);
    else if (one.does === 'purchaseUnquoted') await purchase.orderUnquoted(one);
    else if (one.does === 'payPurchase') await purchase.pay(one.back);
    else if (one.does === 'merchant') fulfilment.behaves(one.behaviours);
    else await act(stage, one, numberOf, prepayIds);
    if (one.does === 'calm') active = [];
    if (one.does === 'calm') fulfilment.behaves([]);
    if (one.does === 'fault') active = [...one.faults, ...active];
    if (one.does === 'fault' || one.does === 'calm') await stage.faults(active);
    await checkAll();
  }
  await stage.faults([]);
  await stage.platform({ devtoolsTimers: true, answerProbes: false, clockAheadMs: 0 });
  await stage.advance('PT1H', 'all');
  for (let round = 0; round < 20; round += 1) await stage.advance('PT10M', 'last');
  await checkAll();
  const all = [...orders, ...(await purchase.numbers())];
  for (const number of all) await atTheEnd(stage, number);
  await fulfilment.deliverAll(all);
  for (const number of all) {
    await fulfilment.always(number);
    await fulfilment.atTheEnd(number);
  }
}

async function act(
  stage: Stage,
  one: Step,
  numberOf: (order: number) => string,
  prepayIds: Map<number, string>,
): Promise<void> {
  switch (one.does) {
    case 'place':
    case 'buy': {
      const request = { outTradeNo: numberOf(one.order), body: '咖啡', totalFee: TOTAL };
      const timeExpire = digitsOf(new Date((await stage.now()).getTime() + one.seconds * 1000));
      // A repeat names the same order whatever it says of its end; a first one is bound by it.
      const isRepeat = (await stage.stored(request.outTradeNo)) !== undefined;
      const data = isRepeat ? request : { ...request, timeExpire };
      const prepayId = prepayIdIn(await stage.call('unifiedOrder', data, payer));
      if (prepayId) prepayIds.set(one.order, prepayId);
      if (prepayId && one.does === 'buy') await stage.cashier(prepayId);
      return;
    }
    case 'pay': {
      const prepayId = prepayIds.get(one.order);
      if (prepayId) await stage.cashier(prepayId);
      return;
    }
    case 'query':
      await stage.call('queryOrder', { outTradeNo: numberOf(one.order) }, payer);
      return;
    case 'close':
      await stage.call('closeOrder', { outTradeNo: numberOf(one.order) }, payer);
      return;
    case 'replay': {
      const sent = await stage.sent();
      const notice = sent[one.order];
      if (notice) await stage.again(notice);
      return;
    }
    case 'platform':
      await stage.platform(one.to);
      return;
    case 'redeliver':
      await stage.call('deliverEvents', await redeliveryOf(stage, one.what, numberOf(one.order)), {
        service: true,
      });
      return;
    case 'wait':
      await stage.advance(`PT${one.seconds}S`, one.timers);
      return;
    default:
      await actOnRefund(stage, one, numberOf);
  }
}

async function actOnRefund(
  stage: Stage,
  one: Step,
  numberOf: (order: number) => string,
): Promise<void> {
  switch (one.does) {
    case 'refund': {
      const outTradeNo = numberOf(one.order);
      const outRefundNo = refundNumber(outTradeNo, one.part);
      const who = one.by === 'admin' ? { openid: 'oAdmin' } : ({ service: true } as const);
      const data = { outTradeNo, outRefundNo, refundFee: one.fee, totalFee: TOTAL };
      await stage.call('refund', data, who);
      return;
    }
    case 'queryRefund':
      await stage.call('queryRefund', { outTradeNo: numberOf(one.order) }, { openid: 'oAdmin' });
      return;
    case 'decide':
      await decide(stage, one, numberOf(one.order));
      return;
    case 'console':
      await stage.refunds?.inConsole(numberOf(one.order), one.fee);
      return;
    case 'end':
      await stage.refunds?.end(refundNumber(numberOf(one.order), one.part), one.to);
  }
}

/** Decides as an admin; a payment that agreed is neither accepted nor paid back by a decision. */
async function decide(
  stage: Stage,
  { decision, part }: Extract<Step, { does: 'decide' }>,
  outTradeNo: string,
): Promise<void> {
  const admin = { openid: 'oAdmin' };
  const outRefundNo = refundNumber(outTradeNo, part);
  const { transactionId } = await stage.call('queryOrder', { outTradeNo }, admin);
  const about: Record<typeof decision, object> = {
    giveUpRefund: { outRefundNo },
    leave: { kind: 'refund_requested', about: outRefundNo },
    acceptPayment: { transactionId: transactionId ?? '420' },
    refundPayment: { transactionId: transactionId ?? '420' },
    redeliver: { eventId: `${outTradeNo}.${part + 1}` },
  };
  const data = { decision, outTradeNo, reason: '试', ...about[decision] };
  const { errCode } = await stage.call('decideOrder', data, admin);
  if (decision === 'acceptPayment' || decision === 'refundPayment')
    expect(errCode, `${decision} of a payment that agreed`).not.toBe(0);
  if (errCode !== 0 || decision !== 'leave') return;
  const { entries } = await stage.call('listAttention', {}, admin);
  const listed = (entries as { kind: string; about: string }[]).filter(
    (each) => each.kind === 'refund_requested' && each.about === outRefundNo,
  );
  expect(listed, 'left, and listed all the same').toEqual([]);
}

/** Names what the merchant's server wants to be told again. */
async function redeliveryOf(stage: Stage, what: 'order' | 'day', outTradeNo: string) {
  return what === 'order' ? { outTradeNo } : { day: beijingDay(await stage.now()) };
}

function refundNumber(outTradeNo: string, part: number): string {
  return `${outTradeNo}-${part}`;
}

function digitsOf(at: Date): string {
  const beijing = new Date(at.getTime() + 8 * 3_600_000).toISOString();
  return beijing.slice(0, 19).replace(/\D/g, '');
}

function prepayIdIn(answer: Answer): string | undefined {
  const payment = answer.payment as { package: string } | undefined;
  return payment?.package.replace('prepay_id=', '');
}

/** Expects what must hold at every moment. */
async function always(
  stage: Stage,
  outTradeNo: string,
  { clocksAgree }: { clocksAgree: boolean },
): Promise<void> {
  const stored = await stage.stored(outTradeNo);
  const truth = await stage.truth(outTradeNo);
  const theirs = truth?.trade_state ?? 'none';
  if (!stored) return expect(theirs, 'placed at WeChat, and never written down').toBe('none');
  if (stored.state === 'paid') expect(['SUCCESS', 'REFUND'], 'paid here').toContain(theirs);
  // Closed here while the money can still come is how payments get lost.
  if (stored.state === 'closed') expect(theirs, 'closed here').not.toBe('NOTPAY');
  // Re-entry after its expiry would make an order payable for ever; by whose clock, nobody can know.
  if (theirs === 'NOTPAY' && clocksAgree)
    expect(truth?.time_expire, 'payable for ever').toBeDefined();
  const paidEvents = stored.events.filter((type) => type.startsWith('order.paid')).length;
  expect(paidEvents).toBeLessThanOrEqual(1);
  // Money that came and went back before we knew is reported so, and never as a plain payment.
  const isKnown = paidEvents === 1 || stored.events.includes('order.refunded_externally');
  expect(isKnown).toBe(stored.state === 'paid');
  expect(stored.quarantined).toBe(false);
  if (stored.state === 'created' || stored.state === 'paying')
    expect(stored.checkAt).not.toBeNull();
  refundsAgree(stored, truth);
}

/** Expects that no refund of WeChat's is denied here, and that none ended here otherwise than there. */
function refundsAgree(stored: StoredOrder, truth: Truth | undefined): void {
  for (const { out_refund_no: number, status, origin } of truth?.refunds ?? []) {
    const ours = stored.refunds.find(({ outRefundNo }) => outRefundNo === number)?.state;
    if (origin === 'api') expect(ours, `${number} was sent and never written down`).toBeDefined();
    // Whatever is refused here can be refunded once more.
    if (status !== 'CLOSED') expect(ours, `${number} is ${status}`).not.toBe('refused');
  }
  for (const { outRefundNo, state } of stored.refunds) {
    const theirs = truth?.refunds?.find((one) => one.out_refund_no === outRefundNo)?.status;
    if (state === 'success') expect(theirs).toBe('SUCCESS');
    if (state === 'closed') expect(theirs).toBe('CLOSED');
    if (state !== 'requested' && state !== 'refused') expect(theirs).toBeDefined();
  }
}

/** Expects what must hold once nothing breaks any more and time has passed. */
async function atTheEnd(stage: Stage, outTradeNo: string): Promise<void> {
  const stored = await stage.stored(outTradeNo);
  const truth = await stage.truth(outTradeNo);
  if (!stored) return;
  expect(['paid', 'closed']).toContain(stored.state);
  const isPaid = truth?.trade_state === 'SUCCESS' || truth?.trade_state === 'REFUND';
  expect(stored.state === 'paid').toBe(isPaid);
  for (const { outRefundNo, state } of stored.refunds) {
    const theirs = truth?.refunds?.find((one) => one.out_refund_no === outRefundNo)?.status;
    if (theirs === undefined) expect(state, outRefundNo).toBe('refused');
    // Cloud pay's answers never tell how a refund ended.
    else if (stage.link === 'apiV3') expect(state, outRefundNo).toBe(theirs.toLowerCase());
    else expect(state, outRefundNo).toBe('processing');
  }
  if (stored.refunds.length === 0) expect(stored.checkAt).toBeNull();
}
