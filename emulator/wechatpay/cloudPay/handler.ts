import { ConnectionReset } from '../../world/connectionReset.ts';
import type { Fault } from '../../world/faults.ts';
import { Refusal } from '../errors.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { Json } from '../wire/fields.ts';
import { nonsense } from '../wire/malformedBodies.ts';
import { createThrottle } from '../wire/throttle.ts';
import { downloadBill } from './bills.ts';
import { Failure, Malformed, PlatformRefusal } from './errors.ts';
import type { Asked, Desk } from './operation.ts';
import { closeOrder, queryOrder, unifiedOrder } from './orders.ts';
import { queryRefund, refund } from './refunds.ts';
import { parsed, text } from './request.ts';
import { head } from './wire.ts';

/** What a function asks of CloudPay, once the platform knows whose token it has. */
export interface CloudPayCall {
  apiName: string;
  /** JSON, in snake_case. */
  requestData: string;
  openid?: string;
}

/** What comes back as it is, or how the platform refuses to pass the call on. */
export type CloudPayAnswer = { bytes: Buffer } | { refused: { code: string; message: string } };

/** CloudPay's one way in (云支付). Throws {@link ConnectionReset} where a fault swallows a message. */
export type CloudPay = (call: CloudPayCall) => Promise<CloudPayAnswer>;

/** What the door is made of. */
export interface CloudPayParts extends Desk {
  keys: KeyRing;
  /** The mini program; the merchant of a bill that names none. */
  appid: string;
  mchid: string;
  latencyMs: number;
  ratePerSecond: number | undefined;
}

interface Method {
  /** As faults and the timeline name it, whichever the link. */
  operation: string;
  run(desk: Desk, asked: Asked): Json | Buffer;
}

const methods: ReadonlyMap<string, Method> = new Map([
  ['unifiedOrder', { operation: 'jsapi', run: unifiedOrder }],
  ['queryOrder', { operation: 'query', run: queryOrder }],
  ['closeOrder', { operation: 'close', run: closeOrder }],
  ['refund', { operation: 'refund', run: refund }],
  ['queryRefund', { operation: 'queryRefund', run: queryRefund }],
  ['downloadBill', { operation: 'tradebill', run: downloadBill }],
]);

/** Makes the door: APIv2 in service-provider form, as JSON, with nothing signed. */
export function createCloudPay(parts: CloudPayParts): CloudPay {
  const { world } = parts;
  const throttle = createThrottle(world, parts.ratePerSecond);
  return async (call) => {
    const method = methods.get(call.apiName);
    const what = `wechatpay.${method?.operation ?? 'unknown'}`;
    const fault = method && world.faults.take(what);
    await world.life.pauseMs(parts.latencyMs + (fault?.delayMs ?? 0));
    if (fault?.kind === 'lost_request') throw new ConnectionReset({ acted: false });
    const { answer, subject, result } = answerTo(parts, call, method, fault, throttle);
    const detail = { link: 'cloudPay', result, ...(fault ? { fault: fault.kind } : {}) };
    world.timeline.add({ what, ...(subject === undefined ? {} : { subject }), detail });
    if (fault?.kind === 'lost_answer') throw new ConnectionReset({ acted: true });
    return answer;
  };
}

interface Told {
  answer: CloudPayAnswer;
  /** For the timeline: the number it is about, and what came of it in a word. */
  subject?: string | undefined;
  result: string;
}

function answerTo(
  parts: CloudPayParts,
  { apiName, requestData, openid }: CloudPayCall,
  method: Method | undefined,
  fault: Fault | undefined,
  throttle: () => void,
): Told {
  let request: Json = {};
  let subject: string | undefined;
  try {
    if (!method) throw new PlatformRefusal('INVALID_PARAM', `${apiName}:fail api not found`);
    request = parsed(apiName, requestData);
    subject = text(request, 'out_refund_no') ?? text(request, 'out_trade_no');
    const mchid = merchantOf(parts, apiName, request);
    if (fault?.kind === 'throttled') throw new Failure('FREQUENCY_LIMITED');
    if (fault?.kind === 'error') throw new Failure(fault.code ?? 'SYSTEM_ERROR');
    throttle();
    const asked: Asked = { apiName, mchid, appid: parts.appid, request, openid };
    const done = method.run(parts, asked);
    return { answer: { bytes: bytesOf(parts, mchid, done, fault) }, subject, result: 'SUCCESS' };
  } catch (error) {
    return { ...refused(parts, apiName, request, error), subject };
  }
}

/** What is done as it travels: a file as it is, anything else behind the numbers of who is who. */
function bytesOf(
  { world, appid }: CloudPayParts,
  mchid: string,
  done: Json | Buffer,
  fault: Fault | undefined,
): Buffer {
  const twist = fault?.kind === 'mutated' ? nonsense[fault.code ?? ''] : undefined;
  // A file is no JSON to be padded, and has no word to be changed.
  if (Buffer.isBuffer(done))
    return fault?.code === 'NONSENSE' && twist ? Buffer.from(twist('')) : done;
  const plain = JSON.stringify({ ...head(world, mchid, appid), result_code: 'SUCCESS', ...done });
  return Buffer.from(twist ? twist(plain) : plain);
}

/** Who asks: a merchant that is known, with the mini program that is ours where it is named. */
function merchantOf({ keys, appid, mchid }: CloudPayParts, apiName: string, request: Json): string {
  const isBill = apiName === 'downloadBill';
  const named = text(request, 'sub_mch_id') ?? (isBill ? mchid : undefined);
  if (named === undefined) throw new Malformed('sub_mch_id is empty');
  if (!keys.merchant(named)) throw new Failure('MCHID_NOT_EXIST', '商户号不存在');
  if (text(request, 'sub_appid') !== undefined && request.sub_appid !== appid)
    throw new Failure('APPID_MCHID_NOT_MATCH', 'sub_mch_id与sub_appid不匹配');
  return named;
}

/** A refusal in the form of whoever refuses; what is no refusal is thrown on. */
function refused({ world, appid }: CloudPayParts, apiName: string, request: Json, error: unknown) {
  if (error instanceof PlatformRefusal) {
    const { code, message } = error;
    return { answer: { refused: { code, message } }, result: code };
  }
  const why = error instanceof Refusal ? new Failure(error.code, error.message) : error;
  if (why instanceof Malformed || (why instanceof Failure && apiName === 'downloadBill')) {
    const message = why instanceof Malformed ? why.message : why.word;
    const errorCode = why instanceof Malformed ? why.errorCode : '20100';
    const more = errorCode === undefined ? {} : { error_code: errorCode };
    const json = { return_code: 'FAIL', return_msg: message, ...more };
    return { answer: { bytes: Buffer.from(JSON.stringify(json)) }, result: message };
  }
  if (!(why instanceof Failure)) throw why;
  const { word, message } = why;
  const failed = { result_code: 'FAIL', err_code: word, err_code_des: message };
  const said = { ...head(world, text(request, 'sub_mch_id') ?? '', appid), ...failed };
  return { answer: { bytes: Buffer.from(JSON.stringify(said)) }, result: word };
}
