/** Holds, through the real direct link, that a refusal for a fault of ours uses up no number. */

import { expect, test } from 'vitest';
import { aReceipt, placedAt } from '../../../tests/support/orders.ts';
import { anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { keysOptions, scripted, signedAnswer, termsAt } from '../../../tests/support/wechatSide.ts';
import type { Caller } from '../../contract/callers.ts';
import { beginOrder, type Order } from '../../domain/order/order.ts';
import { createApiV3 } from '../../gateway/apiV3/client.ts';
import { createKeys } from '../../gateway/apiV3/keys/keys.ts';
import type { HttpAnswer, HttpRequest } from '../../ports/transport.ts';
import { placeOrder } from '../placing/placeOrder.ts';
import { refundOrder } from '../refund/refundOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';

const { outTradeNo, openid, body, totalFee, mchid, appid } = termsAt(placedAt);
const timer = { kind: 'timer', source: '' } as const;
const service: Caller = { kind: 'service', source: 'http' };

const refusal = (status: number, code: string, message: string): HttpAnswer => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify({ code, message })),
});

/** A merchant on the direct link; WeChat Pay answers by the script, and nothing else may be asked. */
function open(...answers: (HttpAnswer | ((request: HttpRequest) => HttpAnswer))[]) {
  const world = memoryDeps(undefined, 'service');
  const { deps } = world;
  deps.settings = { ...deps.settings, merchant: { link: 'apiV3', mchid, appid } };
  const transport = scripted(
    ...answers,
    // What follows once all is repaired is signed at its time.
    () => signedAnswer(200, JSON.stringify({ prepay_id: 'wx1' }), deps.clock.now()),
  );
  const gateway = createApiV3({
    keys: createKeys(keysOptions),
    transport,
    now: deps.clock.now,
    randomBytes: deps.randomBytes,
    apiUrl: 'https://api.mch.weixin.qq.com',
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  deps.gatewayOf = () => gateway;
  const runTimer = () => closeStaleOrders({ Type: 'Timer' }, deps, anInvocation(timer));
  const minutes = async (count: number) => {
    for (let minute = 0; minute < count; minute += 1) {
      world.pass(60);
      await runTimer();
    }
  };
  const stored = async () => (await world.store.get(outTradeNo)) as Order;
  return { ...world, sent: transport.sent, minutes, stored };
}

type Refusal = [status: number, code: string, message: string];
const OURS: Refusal[] = [
  [401, 'SIGN_ERROR', '商户证书已作废。'],
  [401, 'SIGN_ERROR', '签名错误'],
  [403, 'NO_AUTH', '商户证书已过期。'],
  [400, 'INVALID_REQUEST', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟'],
  [400, 'PARAM_ERROR', '商户证书序列号有误'],
  [403, 'RULE_LIMIT', '商户日限额超限'],
  [403, 'NO_AUTH', '商户号该产品权限未开通'],
  [400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配'],
  [400, 'MCH_NOT_EXISTS', '商户号不存在'],
];
const place = ({ deps }: ReturnType<typeof open>) =>
  placeOrder({ outTradeNo, body, totalFee, openid }, deps, anInvocation(service));

test.each(OURS)(
  'an order refused with %d %s %s is payable under its number once that is repaired',
  async (...refused) => {
    const world = open(refusal(...refused), refusal(...refused));
    expect(await place(world)).toMatchObject({ refused: refused[1], retry: 'never' });
    await world.minutes(5);
    expect(await place(world)).toMatchObject({ refused: refused[1], retry: 'never' });
    // Longer than a request could take to land: WeChat has nothing of it, and is not asked.
    await world.minutes(20);
    expect(await world.stored()).toMatchObject({ status: { state: 'created' } });
    expect(world.sent).toHaveLength(2);
    expect(await place(world)).toMatchObject({ outTradeNo });
    expect(await world.stored()).toMatchObject({ status: { state: 'paying' } });
  },
);

test.each(OURS)(
  'an order refused with %d %s %s that nobody repeats ends with its expiry',
  async (...refused) => {
    const world = open(refusal(...refused));
    await place(world);
    await world.minutes(31);
    expect(await world.stored()).toMatchObject({ status: { state: 'closed', reason: 'expired' } });
    expect(world.sent).toHaveLength(1);
  },
);

test.each<Refusal>([
  [400, 'PARAM_ERROR', '输入源“/body/description”映射到值字段“商品描述”字符串规则校验失败'],
  [400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致'],
  [403, 'ACCOUNT_ERROR', '账号异常'],
])('an order refused with %d %s %s, a word about the order itself, ends', async (...refused) => {
  const world = open(refusal(...refused));
  expect(await place(world)).toMatchObject({ refused: refused[1], retry: 'never' });
  expect(await world.stored()).toMatchObject({ status: { state: 'closed', reason: refused[1] } });
});

test.each(OURS)(
  'a refund refused with %d %s %s keeps its number, and is sent again at the pace of its checks',
  async (...refused) => {
    const notFound = refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
    const answer = ({ method }: HttpRequest) => (method === 'GET' ? notFound : refusal(...refused));
    const world = open(...Array.from({ length: 99 }, () => answer));
    const paid: Order = {
      ...beginOrder(termsAt(placedAt), '{}'),
      status: { state: 'paid', receipt: aReceipt },
      checkAt: null,
    };
    await world.store.insert(paid);
    world.pass(100);
    const request = { outTradeNo, refundFee: totalFee };
    const refund = () => refundOrder(request, world.deps, anInvocation(service));
    expect(await refund()).toMatchObject({ refused: refused[1], retry: 'never' });
    await world.minutes(60);
    const posted = world.sent.filter(({ method }) => method === 'POST');
    // At once, and after 1, 2, 3, 4, 5, 10, 20 and 40 minutes.
    expect(posted).toHaveLength(9);
    expect(new Set(posted.map(({ body: bytes }) => String(bytes))).size).toBe(1);
    expect((await world.stored()).refunds).toMatchObject([
      { outRefundNo: `R${outTradeNo}`, status: { state: 'requested' } },
    ]);
  },
);
