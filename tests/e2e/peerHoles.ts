/**
 * Tries on us what lets money out of another WeChat Pay backend for CloudBase: callbacks that anybody can post,
 * identities taken from bodies, headers and unverified tokens, merchants named by the caller, and answers that
 * hand out signed requests.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leaksIn } from './canaries.ts';
import { goods, lostNotification, payer, playOn } from './play.ts';
import { type Answer, isCallback, type Stage } from './stage.ts';

const VICTIM = 'oSomebodyElse';

/** A token of CloudBase's integration, whose signature nobody checked: it says that the victim calls. */
const FORGED_TOKEN = [
  { alg: 'RS256', kid: '1' },
  { provider_sub: VICTIM, sub: VICTIM, aud: 'in-process', exp: 4_102_444_800 },
  'signature',
]
  .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)))
  .map((part) => part.toString('base64url'))
  .join('.');

/** Headers by which an HTTP function of that backend knows who calls. */
const TRUSTED_HEADERS: Record<string, string> = {
  'x-wx-openid': VICTIM,
  'x-wx-source': 'wx_client',
  'x-wx-appid': 'wx0000000000000001',
  'x-authmethod': 'WX_SERVICE_AUTH',
  'x-tcb-integration-id': 'pay-common',
  'x-cloudbase-context': Buffer.from(JSON.stringify({ openid: VICTIM })).toString('base64'),
  authorization: `Bearer ${FORGED_TOKEN}`,
};

/** Fields of a body that would name somebody else, or another merchant. */
const OVERRIDES: [string, object][] = [
  ['openid', { openid: VICTIM }],
  ['subOpenid', { subOpenid: VICTIM }],
  ['payer', { payer: { openid: VICTIM } }],
  ['_openid', { _openid: VICTIM }],
  ['appid', { appid: 'wx9999999999999999' }],
  ['subAppid', { subAppid: 'wx9999999999999999' }],
  ['mchid', { mchid: '1900009999' }],
  ['subMchId', { subMchId: '1900009999' }],
  ['sp_mchid', { sp_mchid: '1900009999' }],
  ['notify_url', { notify_url: 'https://evil.example/notify' }],
  ['notifyUrl', { notifyUrl: 'https://evil.example/notify' }],
  ['functionName', { functionName: 'evil' }],
  ['headers', { headers: TRUSTED_HEADERS }],
  ['token', { token: FORGED_TOKEN }],
  ['_action', { _action: 'refund' }],
  ['amount', { amount: { total: 1 } }],
];

/** Calls that any user of that backend may make, once a variable of the cloud is set. */
const FOR_ADMINS: [string, object][] = [
  ['refund', { outRefundNo: 'R1', refundFee: 1 }],
  ['decideOrder', { decision: 'refundPayment', transactionId: '420', reason: 'x' }],
  ['decideOrder', { decision: 'acceptPayment', transactionId: '420', reason: 'x' }],
  ['listAttention', {}],
  ['downloadBill', { billDate: '20261123' }],
];

/** Parts of a signed request, which no answer may hold. */
const SIGNED =
  /WECHATPAY2|authorization|signature=|nonce_str=|api\.mch\.weixin|PRIVATE KEY|BEGIN /i;

/** Runs the attempts on a stage. */
export function peerHoles(name: string, open: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    }, 3_600_000);
    beforeEach(() => stage.reset());
    afterAll(() => stage.close());
    const { place, pay, query, lastSent } = playOn(() => stage);

    test('a payment that somebody posts as parsed, or as an action of the public route, is not believed', async () => {
      const { outTradeNo } = await place();
      const before = await stage.stored(outTradeNo);
      const content = {
        out_trade_no: outTradeNo,
        transaction_id: '4200000000202611240000000001',
        trade_state: 'SUCCESS',
        amount: { total: 1990, payer_total: 1990, currency: 'CNY' },
        payer: { openid: 'oPayer' },
      };
      const bodies: object[] = [
        { ParsedContent: content },
        { event_type: 'TRANSACTION.SUCCESS', ParsedContent: content, resource: {} },
        { _action: 'payCallback', ParsedContent: content, ...content },
        { _action: 'refund', out_trade_no: outTradeNo, refundFee: 1 },
        { returnCode: 'SUCCESS', resultCode: 'SUCCESS', outTradeNo, totalFee: 1990 },
      ];
      for (const body of bodies) {
        for (const headers of [{}, TRUSTED_HEADERS]) {
          const status = await stage.notify(headers, JSON.stringify(body));
          expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        }
      }
      expect(await stage.stored(outTradeNo)).toEqual(before);
      expect(await stage.documents()).toBe(1);
    });

    test.each(OVERRIDES)(
      'a caller who sends `%s` is refused by its name, and nothing is written',
      async (_field, more) => {
        const answer = await stage.call('unifiedOrder', { ...goods, ...more }, payer);
        expect(answer).toMatchObject({ errCode: 'PARAM_ERROR', advice: 'never' });
        expect(String(answer.field)).toBe(Object.keys(more)[0]);
        expect(await stage.documents()).toBe(0);
      },
    );

    test('an identity in a body never shows or moves what is somebody else’s', async () => {
      const { outTradeNo } = await place();
      const { version } = (await stage.stored(outTradeNo)) ?? {};
      for (const called of ['queryOrder', 'closeOrder', 'queryRefund']) {
        const none = await stage.call(called, { outTradeNo: 'NOBODY0001' }, { openid: VICTIM });
        expect(none.errCode).toBe('ORDER_NOT_EXIST');
        for (const more of [{}, { userInfo: { openId: 'oPayer', appId: 'wx0000000000000001' } }]) {
          const data = { outTradeNo, ...more };
          const answer = await stage.call(called, data, { openid: VICTIM });
          expect(['ORDER_NOT_EXIST', 'PARAM_ERROR'], called).toContain(answer.errCode);
          expect(JSON.stringify(answer)).not.toMatch(/oPayer|咖啡/);
        }
      }
      expect((await stage.stored(outTradeNo))?.version).toBe(version);
    });

    test.each(FOR_ADMINS)(
      'no user reaches %s, whatever the cloud’s variables are',
      async (called, input) => {
        const { outTradeNo, prepayId } = await place();
        await pay(prepayId);
        await stage.advance('PT1S', 'none');
        const { version } = (await stage.stored(outTradeNo)) ?? {};
        const data =
          called === 'listAttention' || called === 'downloadBill'
            ? input
            : { outTradeNo, ...input };
        const others = [payer, { openid: VICTIM }, { openid: 'oPayer', source: 'wx_client,scf' }];
        for (const as of [...others, { source: 'scf' }, { source: 'wx_http' }]) {
          const answer = await stage.call(called, data, as);
          expect(answer, JSON.stringify(as)).toMatchObject({ errCode: 'CALLER_REFUSED' });
        }
        expect((await stage.stored(outTradeNo))?.version).toBe(version);
        expect((await stage.truth(outTradeNo))?.refunds ?? []).toEqual([]);
      },
    );

    test('whatever WeChat answers, no answer of ours holds a signed request or a key', async () => {
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      const answers: Answer[] = [];
      const admin = { openid: 'oAdmin' };
      const refund = { outTradeNo, outRefundNo: 'R1', refundFee: 1 };
      for (const kind of ['error', 'forged', 'mutated', 'lost_answer', 'throttled']) {
        for (const at of ['jsapi', 'query', 'close', 'refund', 'queryRefund', 'tradebill']) {
          const code = kind === 'error' ? { code: 'SIGN_ERROR' } : {};
          await stage.faults([{ at: `wechatpay.${at}`, kind, times: 9, ...code }]);
          answers.push(await stage.call('unifiedOrder', { ...goods }, payer));
          answers.push(await query(outTradeNo), await stage.call('refund', refund, admin));
          answers.push(await stage.call('queryRefund', { outTradeNo }, admin));
          answers.push(await stage.call('downloadBill', { billDate: '20261123' }, admin));
          await stage.advance('PT3S', 'none');
        }
      }
      expect(answers.filter(({ errCode }) => errCode !== 0).length).toBeGreaterThan(20);
      for (const { payment: _signedForThePayer, data: _bill, ...shown } of answers) {
        expect(JSON.stringify(shown)).not.toMatch(SIGNED);
      }
      const shownTo = ['answer', 'stranger', 'error', 'log'];
      const traces = (await stage.traces()).filter((trace) => shownTo.includes(trace.place));
      expect(leaksIn(traces, stage.canaries())).toEqual([]);
    });

    test('a notification without a time, or with one that is none, is not fresh', async (context) => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      const sent = await lastSent();
      if (isCallback(sent)) return context.skip();
      const { headers, body } = sent;
      const name = Object.keys(headers).find((key) => /timestamp/i.test(key)) ?? '';
      const { [name]: _time, ...timeless } = headers;
      for (const wrong of [timeless, { ...headers, [name]: 'NaN' }, { ...headers, [name]: '' }]) {
        expect(await stage.notify(wrong, body)).toBeGreaterThanOrEqual(400);
      }
      expect((await stage.stored(outTradeNo))?.state).toBe('paying');
      expect(await stage.notify(headers, body), 'as it was sent').toBe(200);
    });
  });
}
