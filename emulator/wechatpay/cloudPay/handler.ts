import type { Fault } from '../../world/faults.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import { bareStatusOf } from '../wire/bareAnswers.ts';
import { answerUnderFault, type ShownAnswer } from '../wire/exchange.ts';
import type { Json } from '../wire/fields.ts';
import { malformedBy } from '../wire/malformedBodies.ts';
import { createThrottle } from '../wire/throttle.ts';
import {
  BusinessRefusalError,
  type CloudPayRefusal,
  isCloudPayRefusal,
  MalformedRequestError,
  PlatformRefusalError,
  v2CodeOf,
} from './errors.ts';
import { type MethodDeps, parseRequest, text } from './request.ts';
import { METHODS, type Method } from './routes.ts';
import { answerHead } from './wire.ts';

/** A call of CloudPay by a function, once the platform knows whose token it has. */
export interface CloudPayCall {
  apiName: string;
  /** JSON, in snake_case. */
  requestData: string;
  openid?: string;
}

/** The answer's bytes as they are, or how the platform refuses to pass the call on. */
export type CloudPayAnswer =
  | { kind: 'answered'; bytes: Buffer }
  | { kind: 'refused'; code: string; message: string };

/** Handles CloudPay (云支付). Throws `ConnectionReset` where a fault swallows a message. */
export type CloudPayHandler = (call: CloudPayCall) => Promise<CloudPayAnswer>;

/** Lists what the handler of CloudPay needs. */
export interface CloudPayHandlerDeps extends MethodDeps {
  keys: KeyRing;
  /** The mini program; the merchant of a bill that names none. */
  appid: string;
  mchid: string;
  latencyMs: number;
  ratePerSecond: number | undefined;
}

/** Makes the handler: APIv2 in service-provider form, as JSON, with nothing signed. */
export function createCloudPayHandler(deps: CloudPayHandlerDeps): CloudPayHandler {
  const { world, latencyMs, ratePerSecond } = deps;
  const throttle = createThrottle(world, ratePerSecond);
  return (call) => {
    const method = METHODS.get(call.apiName);
    return answerUnderFault(world, { operation: method?.operation, latencyMs }, (fault) =>
      answerTo(deps, { call, method, fault, throttle }),
    );
  };
}

/** A call that arrived, and all that decides how it is answered. */
interface Arrived {
  call: CloudPayCall;
  method: Method | undefined;
  fault: Fault | undefined;
  throttle(): void;
}

function answerTo(deps: CloudPayHandlerDeps, arrived: Arrived): ShownAnswer<CloudPayAnswer> {
  const { apiName, requestData } = arrived.call;
  let json: Json = {};
  try {
    if (!arrived.method)
      throw new PlatformRefusalError('INVALID_PARAM', `${apiName}:fail api not found`);
    json = parseRequest(apiName, requestData);
    const bytes = bytesOf(deps, arrived.method, arrived, json);
    return withTimeline(arrived.call, json, {
      answer: { kind: 'answered', bytes },
      result: 'SUCCESS',
    });
  } catch (error) {
    if (!isCloudPayRefusal(error)) throw error;
    return withTimeline(arrived.call, json, refusalAnswer(deps, apiName, json, error));
  }
}

/**
 * Adds what the timeline shows: the number that a request is about, and what came of it in a code.
 */
function withTimeline(
  { apiName, requestData }: CloudPayCall,
  json: Json,
  { answer, result }: ResultAnswer,
): ShownAnswer<CloudPayAnswer> {
  const subject = text(json, 'out_refund_no') ?? text(json, 'out_trade_no');
  const exchange = async () => ({
    sent: { line: apiName, headers: {}, body: requestData },
    answered: {
      line: answer.kind,
      headers: {},
      body: answer.kind === 'answered' ? answer.bytes.toString() : JSON.stringify(answer),
    },
  });
  return { answer, subject, detail: { link: 'cloudPay', result }, exchange };
}

/** Answers in business: a file as it is, anything else behind the numbers of who is who. */
function bytesOf(
  deps: CloudPayHandlerDeps,
  method: Method,
  { call: { apiName, openid }, fault, throttle }: Arrived,
  json: Json,
): Buffer {
  const { world, appid } = deps;
  const mchid = merchantOf(deps, apiName, json);
  if (fault?.kind === 'throttled') throw new BusinessRefusalError('FREQUENCY_LIMITED');
  if (fault?.kind === 'error') throw faultRefusal(apiName, fault);
  throttle();
  const answer = method.run(deps, { apiName, mchid, appid, json, openid });
  if (fault?.kind === 'error_after') throw faultRefusal(apiName, fault);
  const malform = malformedBy(fault);
  if (Buffer.isBuffer(answer)) {
    // A file is no JSON to be padded, and has no state to be changed.
    const isNotJson = fault?.code === 'NOT_JSON' && malform !== undefined;
    return isNotJson ? Buffer.from(malform('')) : answer;
  }
  const head = answerHead(world, mchid, appid);
  const plain = JSON.stringify({ ...head, result_code: 'SUCCESS', ...answer });
  return Buffer.from(malform ? malform(plain) : plain);
}

/** Makes the refusal of a fault; an answer without a code of WeChat Pay's gets no farther than the platform. */
function faultRefusal(
  apiName: string,
  { code = 'SYSTEM_ERROR' }: Fault,
): BusinessRefusalError | PlatformRefusalError {
  if (bareStatusOf(code) === undefined) return new BusinessRefusalError(code);
  return new PlatformRefusalError('SYS_ERR', `${apiName}:fail wx api error: -1`);
}

/**
 * Finds who asks: a merchant that is known, with the mini program that is ours where it is named.
 */
function merchantOf(
  { keys, appid, mchid }: CloudPayHandlerDeps,
  apiName: string,
  json: Json,
): string {
  const isBill = apiName === 'downloadBill';
  const number = text(json, 'sub_mch_id') ?? (isBill ? mchid : undefined);
  if (number === undefined) throw new MalformedRequestError('sub_mch_id is empty');
  if (!keys.merchant(number)) throw new BusinessRefusalError('MCHID_NOT_EXIST', '商户号不存在');
  if (text(json, 'sub_appid') !== undefined && json.sub_appid !== appid)
    throw new BusinessRefusalError('APPID_MCHID_NOT_MATCH', 'sub_mch_id与sub_appid不匹配');
  return number;
}

interface ResultAnswer {
  answer: CloudPayAnswer;
  /** The code or text that the timeline shows. */
  result: string;
}

/** Prints a refusal in the form of whoever refuses. */
function refusalAnswer(
  deps: CloudPayHandlerDeps,
  apiName: string,
  json: Json,
  refusal: CloudPayRefusal,
): ResultAnswer {
  const { message } = refusal;
  if (refusal instanceof PlatformRefusalError) {
    const { code } = refusal;
    return { answer: { kind: 'refused', code, message }, result: code };
  }
  if (refusal instanceof MalformedRequestError) return malformedAnswer(message, refusal.errorCode);
  const code = v2CodeOf(refusal.code);
  if (apiName === 'downloadBill') return malformedAnswer(code, '20100');
  return businessRefusalAnswer(deps, json, code, message);
}

function malformedAnswer(message: string, errorCode: string | undefined): ResultAnswer {
  const number = errorCode === undefined ? {} : { error_code: errorCode };
  const body = { return_code: 'FAIL', return_msg: message, ...number };
  return { answer: jsonAnswer(body), result: message };
}

function businessRefusalAnswer(
  { world, appid }: CloudPayHandlerDeps,
  json: Json,
  code: string,
  message: string,
): ResultAnswer {
  const body = {
    ...answerHead(world, text(json, 'sub_mch_id') ?? '', appid),
    result_code: 'FAIL',
    err_code: code,
    err_code_des: message,
  };
  return { answer: jsonAnswer(body), result: code };
}

function jsonAnswer(body: Json): CloudPayAnswer {
  return { kind: 'answered', bytes: Buffer.from(JSON.stringify(body)) };
}
