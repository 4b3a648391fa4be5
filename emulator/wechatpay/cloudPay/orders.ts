import { isPaid, type LedgerOrder, through } from '../orders/ledger.ts';
import { type Json, matching, type Rule, textOf } from '../wire/fields.ts';
import { Failure, Malformed } from './errors.ts';
import type { Asked, Desk } from './operation.ts';
import {
  amountRule,
  check,
  common,
  compactTimeMs,
  comparable,
  outTradeNoRule,
  type Shape,
  text,
} from './request.ts';
import { nonceOf, orderFields, signatureLike } from './wire.ts';

const time = matching(/^\d{14}$/, '应为yyyyMMddHHmmss');

/** Sources: Cloud.CloudPay.unifiedOrder; V2:9_1 for what it leaves open. */
const placing: Shape = {
  required: {
    ...common,
    function_name: textOf(1, 60),
    env_id: textOf(1, 64),
    body: textOf(1, 128),
    out_trade_no: outTradeNoRule,
    total_fee: amountRule,
    spbill_create_ip: textOf(1, 64),
    trade_type: matching(/^JSAPI$/, '只支持JSAPI'),
  },
  optional: {
    openid: textOf(1, 128),
    sub_openid: textOf(1, 128),
    sub_appid: textOf(1, 32),
    device_info: textOf(1, 32),
    detail: textOf(1, 6000),
    attach: textOf(1, 127),
    fee_type: matching(/^CNY$/, '只支持CNY'),
    time_start: time,
    time_expire: time,
    goods_tag: textOf(1, 32),
    limit_pay: matching(/^no_credit$/, '不是合法的枚举值'),
    receipt: textOf(1, 8),
    scene_info: textOf(1, 256),
  },
};

/** 统一下单: places an order, or finds the one of that number; answers what the mini program pays with. */
export function unifiedOrder({ world, ledger }: Desk, asked: Asked): Json {
  const { mchid, appid, request, apiName } = asked;
  check(apiName, request, placing);
  const openid = text(request, 'sub_openid') ?? text(request, 'openid') ?? asked.openid;
  if (openid === undefined) throw new Malformed('JSAPI支付必须传openid');
  const nowMs = world.clock.nowMs();
  const expiresAtMs = expiryOf(request, nowMs);
  const outTradeNo = String(request.out_trade_no);
  const parameters = comparable(request, openid);
  const known = ledger.find(mchid, outTradeNo);
  if (known) sameAgain(known, parameters);
  const attach = text(request, 'attach');
  const fresh: LedgerOrder = {
    ...{ mchid, appid, outTradeNo, parameters, openid, notifyUrl: '', signer: 'publicKey' },
    ...{ state: 'NOTPAY', createdAtMs: nowMs, prepayCount: 0, tries: [] },
    description: String(request.body),
    total: Number(request.total_fee),
    cloudPay: { functionName: String(request.function_name), envId: String(request.env_id) },
    ...(attach === undefined ? {} : { attach }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
  const order = known ?? fresh;
  const prepayId = `wx${world.randomBytes(17).toString('hex')}`;
  world.data.atomically(() => {
    ledger.save({ ...order, prepayCount: order.prepayCount + 1 });
    ledger.addPrepay(prepayId, { mchid, outTradeNo, atMs: nowMs });
  });
  const nonceStr = nonceOf(world);
  const payment = {
    ...{ appId: appid, timeStamp: String(Math.floor(nowMs / 1000)), nonceStr },
    ...{ package: `prepay_id=${prepayId}`, signType: 'MD5', paySign: signatureLike(world) },
  };
  // In the log that this follows, the answer and the payment in it have one nonce.
  return { nonce_str: nonceStr, trade_type: 'JSAPI', prepay_id: prepayId, payment };
}

function expiryOf(request: Json, nowMs: number): number | undefined {
  const given = text(request, 'time_expire');
  if (given === undefined) return undefined;
  const atMs = compactTimeMs(given);
  if (Number.isNaN(atMs)) throw new Malformed('time_expire参数格式错误: 不是有效时间');
  if (atMs <= nowMs) throw new Failure('INVALID_REQUEST', 'time_expire须晚于当前时间');
  return atMs;
}

/** The number of an order that is there already: of either link, since a merchant has one set of them. */
function sameAgain(known: LedgerOrder, parameters: string): void {
  if (!through('cloudPay', known) || known.parameters !== parameters)
    throw new Failure('OUT_TRADE_NO_USED', '商户订单号重复');
  if (isPaid(known)) throw new Failure('ORDERPAID');
  if (known.state === 'CLOSED') throw new Failure('ORDERCLOSED', '订单已关闭');
}

const naming: Record<string, Rule> = {
  transaction_id: textOf(1, 32),
  out_trade_no: outTradeNoRule,
};

/** 查询订单, by WeChat's number where both are given. */
export function queryOrder({ ledger }: Desk, { mchid, request, apiName }: Asked): Json {
  check(apiName, request, { required: common, optional: naming });
  const transactionId = text(request, 'transaction_id');
  const outTradeNo = text(request, 'out_trade_no');
  if (transactionId === undefined && outTradeNo === undefined)
    throw new Malformed('transaction_id和out_trade_no须填其一');
  const order =
    transactionId === undefined
      ? ledger.find(mchid, outTradeNo ?? '')
      : ledger.findTransaction(mchid, transactionId);
  return orderFields(known(order));
}

/** Not within five minutes of placing it. Source: Cloud.CloudPay.closeOrder. */
const CLOSABLE_AFTER_MS = 5 * 60_000;

/** 关闭订单. */
export function closeOrder({ world, ledger }: Desk, { mchid, request, apiName }: Asked): Json {
  const required = { ...common, out_trade_no: outTradeNoRule };
  check(apiName, request, { required, optional: {} });
  const order = known(ledger.find(mchid, String(request.out_trade_no)));
  if (isPaid(order)) throw new Failure('ORDERPAID');
  if (order.state === 'CLOSED') throw new Failure('ORDERCLOSED', '订单已关闭，无法重复关闭');
  if (world.clock.nowMs() < order.createdAtMs + CLOSABLE_AFTER_MS)
    throw new Failure('INVALID_REQUEST', '订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟');
  ledger.save({ ...order, state: 'CLOSED' });
  return {};
}

function known(order: LedgerOrder | undefined): LedgerOrder {
  const own = through('cloudPay', order);
  if (!own) throw new Failure('ORDERNOTEXIST', '此交易订单号不存在');
  return own;
}
