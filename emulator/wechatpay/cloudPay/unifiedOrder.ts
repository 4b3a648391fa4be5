import { isPaid, type LedgerOrder, onLink } from '../orders/ledger.ts';
import { type Json, matching, textOf } from '../wire/fields.ts';
import { BusinessRefusalError, MalformedRequestError } from './errors.ts';
import {
  amountRule,
  COMMON_RULES,
  check,
  compactTimeMs,
  comparable,
  type MethodDeps,
  type MethodRequest,
  outTradeNoRule,
  type Shape,
  text,
} from './request.ts';
import { paymentParams } from './wire.ts';

const timeRule = matching(/^\d{14}$/, '应为yyyyMMddHHmmss');

/** Sources: Cloud.CloudPay.unifiedOrder; V2:9_1 for what it leaves open. */
const SHAPE: Shape = {
  required: {
    ...COMMON_RULES,
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
    time_start: timeRule,
    time_expire: timeRule,
    goods_tag: textOf(1, 32),
    limit_pay: matching(/^no_credit$/, '不是合法的枚举值'),
    receipt: textOf(1, 8),
    scene_info: textOf(1, 256),
  },
};

/**
 * Places an order (统一下单), or finds the one of that number; answers the parameters that the mini
 * program pays with.
 */
export function unifiedOrder({ world, orders }: MethodDeps, request: MethodRequest): Json {
  check(request, SHAPE);
  const { mchid, appid } = request;
  const newOrder = readOrder(request, world.clock.nowMs());
  const known = orders.find(mchid, newOrder.outTradeNo);
  if (known) checkReentry(known, newOrder.parameters);
  const order = known ?? newOrder;
  const prepayId = `wx${world.randomBytes(17).toString('hex')}`;
  world.data.atomically(() => {
    orders.save({ ...order, prepayCount: order.prepayCount + 1 });
    const { outTradeNo, createdAtMs: atMs } = newOrder;
    orders.addPrepay(prepayId, { mchid, outTradeNo, atMs });
  });
  const payment = paymentParams(world, appid, prepayId);
  // In the log that this follows, the answer and the payment in it have one nonce.
  const nonce = payment.nonceStr;
  return { nonce_str: nonce, trade_type: 'JSAPI', prepay_id: prepayId, payment };
}

/** Reads the order that a request asks for, as a new one. */
function readOrder({ mchid, appid, json, openid }: MethodRequest, nowMs: number): LedgerOrder {
  const payer = text(json, 'sub_openid') ?? text(json, 'openid') ?? openid;
  if (payer === undefined) throw new MalformedRequestError('JSAPI支付必须传openid');
  const expiresAtMs = readExpiry(json, nowMs);
  const attach = text(json, 'attach');
  return {
    mchid,
    appid,
    outTradeNo: String(json.out_trade_no),
    parameters: comparable(json, payer),
    description: String(json.body),
    ...(attach === undefined ? {} : { attach }),
    notifyUrl: '',
    cloudPay: { functionName: String(json.function_name), envId: String(json.env_id) },
    openid: payer,
    total: Number(json.total_fee),
    state: 'NOTPAY',
    createdAtMs: nowMs,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    signer: 'publicKey',
    prepayCount: 0,
    attempts: [],
  };
}

function readExpiry(json: Json, nowMs: number): number | undefined {
  const time = text(json, 'time_expire');
  if (time === undefined) return undefined;
  const atMs = compactTimeMs(time);
  if (Number.isNaN(atMs)) throw new MalformedRequestError('time_expire参数格式错误: 不是有效时间');
  if (atMs <= nowMs) throw new BusinessRefusalError('INVALID_REQUEST', 'time_expire须晚于当前时间');
  return atMs;
}

/** Refuses a number that is there already: of either link, since a merchant has one set of them. */
function checkReentry(known: LedgerOrder, parameters: string): void {
  if (!onLink('cloudPay', known) || known.parameters !== parameters)
    throw new BusinessRefusalError('OUT_TRADE_NO_USED', '商户订单号重复');
  if (isPaid(known)) throw new BusinessRefusalError('ORDERPAID');
  if (known.state === 'CLOSED') throw new BusinessRefusalError('ORDERCLOSED', '订单已关闭');
}
