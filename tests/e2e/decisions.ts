/** Lets a person decide about a payment that differs, from the list to the end of its money at WeChat. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { payer, playOn } from './play.ts';
import type { As, Stage } from './stage.ts';

const admin: As = { openid: 'oAdmin' };
const server: As = { service: true };

interface Entry {
  kind: string;
  about: string;
  outTradeNo: string;
  decisions: string[];
}

/** Runs the decisions on a stage. */
export function decisions(name: string, open: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    }, 3_600_000);
    beforeEach(() => stage.reset());
    afterAll(() => stage.close());
    const { place, pay, query } = playOn(() => stage);

    /** An order whose payment seems to be another payer's. */
    const quarantined = async () => {
      await stage.faults([{ at: 'wechatpay.notify', kind: 'mutated', code: 'OPENID', times: 1 }]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT2M', 'none');
      expect(await stage.stored(outTradeNo)).toMatchObject({ quarantined: true });
      return outTradeNo;
    };
    const listed = async () => (await stage.call('listAttention', {}, server)).entries as Entry[];

    test('a quarantined payment is listed, goes back whole to its payer, and is followed to the end', async () => {
      const outTradeNo = await quarantined();
      const [entry, ...others] = await listed();
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ kind: 'quarantine', outTradeNo, fee: 1990, detail: 'openid' });
      const transactionId = entry?.about;
      const decision = {
        decision: 'refundPayment',
        outTradeNo,
        transactionId,
        reason: '付款人不符',
      };
      const first = await stage.call('decideOrder', decision, admin);
      expect(first).toMatchObject({
        errCode: 0,
        refundFee: 1990,
        outRefundNo: `P${transactionId}`,
      });
      expect(await stage.call('decideOrder', decision, server)).toMatchObject({ errCode: 0 });
      expect(await listed()).toEqual([]);
      await stage.advance('PT1H', 'all');
      const truth = await stage.truth(outTradeNo);
      expect(truth?.refunds).toMatchObject([{ amount: { refund: 1990 }, status: 'SUCCESS' }]);
      const stored = await stage.stored(outTradeNo);
      expect(stored?.refunds).toEqual([{ outRefundNo: `P${transactionId}`, state: 'success' }]);
      expect(stored?.events).toEqual(['order.mismatch', 'order.decided', 'refund.success']);
      expect(await listed()).toEqual([]);
    });

    test('or is accepted: the order is paid, and its refunds are those of any order', async () => {
      const outTradeNo = await quarantined();
      const [entry] = await listed();
      const about = { outTradeNo, transactionId: entry?.about, reason: '付款人换了手机' };
      const accept = { decision: 'acceptPayment', ...about };
      expect(await stage.call('decideOrder', accept, payer)).toMatchObject({
        errCode: 'CALLER_REFUSED',
      });
      const first = await stage.call('decideOrder', accept, admin);
      expect(first).toMatchObject({ errCode: 0, state: 'paid' });
      const { requestId: _one, ...again } = await stage.call('decideOrder', accept, admin);
      expect(first).toMatchObject(again);
      expect(await query(outTradeNo)).toMatchObject({ state: 'paid', tradeState: 'SUCCESS' });
      expect((await stage.stored(outTradeNo))?.events).toContain('order.paid');
      const refund = { outTradeNo, outRefundNo: 'R1', refundFee: 500 };
      expect(await stage.call('refund', refund, admin)).toMatchObject({ errCode: 0 });
      await stage.advance('PT1H', 'all');
      expect((await stage.stored(outTradeNo))?.refunds).toEqual([
        { outRefundNo: 'R1', state: 'success' },
      ]);
      expect(await listed()).toEqual([]);
    });

    test('or is left as it is, with the reason', async () => {
      const outTradeNo = await quarantined();
      const [entry] = await listed();
      const { kind, about } = entry ?? {};
      const left = { decision: 'leave', outTradeNo, kind, about, reason: '线下已处理' };
      expect(await stage.call('decideOrder', left, admin)).toMatchObject({ errCode: 0, kind });
      expect(await listed()).toEqual([]);
      expect((await stage.truth(outTradeNo))?.refunds ?? []).toEqual([]);
    });
  });
}
