/** Plays the moves of a payment, and expects their outcome, on whichever stage and link. */
import { expect } from 'vitest';
import { ATTACH } from './canaries.ts';
import type { Answer, As, Fault, Sent, Stage } from './stage.ts';

export const payer: As = { openid: 'oPayer' };
export const goods = { body: '咖啡', totalFee: 1990, attach: ATTACH };
/** No callback arrives. */
export const lostNotification: Fault = { at: 'wechatpay.notify', kind: 'lost_request' };

let serial = 0;

/** A fresh order number. */
export function aNumber(): string {
  serial += 1;
  return `SCENE${String(serial).padStart(8, '0')}`;
}

/** The prepay id inside an answer of unifiedOrder. */
export function prepayIdOf(answer: Answer): string {
  expect(answer).toMatchObject({ errCode: 0, errMsg: 'unifiedOrder:ok' });
  const { package: text } = answer.payment as { package: string };
  return text.replace('prepay_id=', '');
}

const agreement: Record<string, string[]> = {
  created: ['NOTPAY', 'none'],
  paying: ['NOTPAY'],
  paid: ['SUCCESS', 'REFUND'],
  closed: ['CLOSED', 'none'],
};

/** The moves of a payment on a stage. */
export function playOn(stage: () => Stage) {
  const place = async (more: object = {}, as = payer) => {
    const outTradeNo = aNumber();
    const answer = await stage().call('unifiedOrder', { ...goods, outTradeNo, ...more }, as);
    return { outTradeNo, answer, prepayId: prepayIdOf(answer) };
  };
  const pay = async (prepayId: string) =>
    expect(await stage().cashier(prepayId)).toBe('requestPayment:ok');
  const query = (outTradeNo: string, as = payer) => stage().call('queryOrder', { outTradeNo }, as);
  /** Our order is in this state, and WeChat's agrees. */
  const expectState = async (outTradeNo: string, state: string) => {
    const stored = await stage().stored(outTradeNo);
    const truth = await stage().truth(outTradeNo);
    expect(stored?.state).toBe(state);
    expect(agreement[state]).toContain(truth?.trade_state ?? 'none');
    return { stored, truth };
  };
  const expectPaidOnce = async (outTradeNo: string) => {
    const { stored, truth } = await expectState(outTradeNo, 'paid');
    expect(stored?.events.filter((type) => /^order\.paid/.test(type))).toHaveLength(1);
    expect(stored?.checkAt).toBeNull();
    return { stored, truth };
  };
  /** The last that WeChat sent. */
  const lastSent = async (): Promise<Sent> => {
    const sent = (await stage().sent()).at(-1);
    if (!sent) throw new Error('WeChat sent nothing');
    return sent;
  };
  /**
   * Brings it so often at once. One that a busy machine did not acknowledge in time comes again, as from
   * WeChat; inside one process there is no such excuse.
   */
  const expectAllAcknowledged = async (sent: Sent, count: number) => {
    const isTimed = stage().databaseOperations.length > 0;
    let left = count;
    for (let round = 0; left > 0 && round < (isTimed ? 5 : 1); round += 1) {
      const all = Array.from({ length: left }, () => stage().again(sent));
      left = (await Promise.all(all)).filter((status) => status !== 200).length;
    }
    expect(left).toBe(0);
  };
  return { place, pay, query, lastSent, expectState, expectPaidOnce, expectAllAcknowledged };
}
