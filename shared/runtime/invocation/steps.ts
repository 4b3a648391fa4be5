/** Defines the steps that every invocation goes through, in order; see pipeline.ts. */
import { answerOf, isRefusal, type Refusal } from '../../contract/answer.ts';
import { callersOf, openidOf, wayIn } from '../../contract/callers.ts';
import type { Contract } from '../../contract/contract.ts';
import { isXml } from '../../contract/notice/notification.ts';
import { refuse } from '../../contract/refusals.ts';
import { type SignedCall, verifyServiceCall } from '../../contract/serviceCall.ts';
import { BODY_BYTES_MAX, EVENT_FIELDS_MAX, SIGNATURE_WINDOW_MS } from '../../domain/limits.ts';
import type { Clock } from '../../ports/clock.ts';
import { foreseenRefusal } from '../../usecases/step/foreseenRefusal.ts';
import type { Config } from '../config.ts';
import { callerOf } from './caller.ts';
import { cloudPayAnswerOf, httpAnswerOf } from './httpAnswer.ts';
import { httpEventOf } from './httpEvent.ts';
import type { FunctionInvocation } from './invocation.ts';
import { RefusalError } from './refusalError.ts';

/** The request that middy carries from step to step; `context` is our invocation. */
export interface StepRequest {
  event: unknown;
  context: FunctionInvocation;
  response: unknown;
  error: unknown;
}

/** A middleware of ours; none answers early, a refusal is thrown as {@link RefusalError}. */
export interface Step {
  before?(request: StepRequest): void;
  after?(request: StepRequest): void;
  onError?(request: StepRequest): void;
}

/** Calls of our functions by themselves: what their caller is then, and the keys that sign them. */
export interface OwnCalls {
  kind: 'self' | 'backend';
  keys: readonly string[];
}

/**
 * Says who is an admin, by which keys a call is the merchant's server's or our own, and for which place it
 * must be signed; `envId` is absent where the platform does not give it.
 */
export interface IdentifyConfig
  extends Pick<Config, 'adminOpenids' | 'serviceKeys' | 'appid' | 'envId'> {
  ownCalls?: OwnCalls;
}

/**
 * Finds out who calls; a call signed with the service key is the merchant's server, from wherever, one
 * signed with a key of our own a function of ours.
 */
export function identify(name: string, config: IdentifyConfig, clock: Clock): Step {
  const { serviceKeys, ownCalls = { kind: 'self', keys: [] } } = config;
  return {
    before: (request) => {
      const { context } = request;
      const caller = callerOf(context.variables, config.adminOpenids);
      context.caller = caller;
      context.log.add({ caller: caller.kind, source: caller.source });
      const signed = signedOf(request.event);
      if (!signed) return;
      const isFresh = Math.abs(clock.now().getTime() - signed.time) <= SIGNATURE_WINDOW_MS;
      const isOwn = verifyServiceCall(name, { signed }, ownCalls.keys);
      if (!isFresh || !(isOwn || verifyServiceCall(name, { signed }, serviceKeys))) {
        throw new RefusalError(refuse('SERVICE_SIGNATURE'));
      }
      refuseOtherPlace(signed, config);
      const kind = isOwn ? ownCalls.kind : 'service';
      context.caller = { kind, source: caller.source };
      context.log.add({ caller: kind });
      request.event = parsedOf(signed.data);
    },
  };
}

/** Refuses what was signed for another environment or mini program: no test call counts in production. */
function refuseOtherPlace(signed: SignedCall['signed'], { appid, envId }: IdentifyConfig): void {
  if (signed.appid !== appid) throw signedFor('appid', signed.appid, appid);
  if (envId !== undefined && signed.envId !== envId) throw signedFor('envId', signed.envId, envId);
}

function signedFor(field: string, asked: string, own: string): RefusalError {
  const why = `签名属于 ${field} ${asked}，本函数为 ${own} (signed for that one, not for this function)`;
  return new RefusalError(refuse('SERVICE_SIGNATURE', { why }));
}

function signedOf(event: unknown): SignedCall['signed'] | undefined {
  const signed: unknown = isRecord(event) ? event.signed : undefined;
  if (!isRecord(signed)) return undefined;
  const { time, data, signature, envId, appid } = signed;
  if (typeof time !== 'number' || typeof data !== 'string') return undefined;
  if (typeof signature !== 'string') return undefined;
  if (Buffer.byteLength(data) > BODY_BYTES_MAX) {
    const why = `最多 ${BODY_BYTES_MAX} 字节 (at most so many bytes)`;
    throw new RefusalError(refuse('PARAM_ERROR', { field: 'signed.data', why }));
  }
  if (typeof envId === 'string' && typeof appid === 'string') {
    return { envId, appid, time, data, signature };
  }
  const why = 'signed 缺少 envId、appid (lacks them): shared/contract/serviceCall.ts';
  throw new RefusalError(refuse('SERVICE_SIGNATURE', { why }));
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusalError(refuse('PARAM_ERROR', { field: 'signed.data' }));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses callers who may not call this function, naming the source that was seen and the right way. */
export function authorise({ name }: Pick<Contract<unknown>, 'name'>): Step {
  const allowed: readonly string[] = callersOf[name];
  return {
    before: ({ context: { caller } }) => {
      if (allowed.includes(caller.kind)) return;
      const seen = `${caller.kind}${caller.source === '' ? '' : ` (${caller.source})`}`;
      const way = callersOf[name].map((kind) => wayIn[kind]).join('; ');
      throw new RefusalError(
        refuse('CALLER_REFUSED', { why: `来源 (seen) ${seen}; 应为 (way in) ${way}` }),
      );
    },
  };
}

/** Turns the event into the contract's input, or refuses it by the field's name. */
export function validate<I>({ form, input }: Contract<I>): Step {
  return {
    before: (request) => {
      const { caller } = request.context;
      refuseTooWide(request.event);
      const event = form === 'http' ? notificationOf(request) : request.event;
      const openid = openidOf(caller);
      const result = input.safeParse(openid === undefined ? event : withoutUserInfo(event, openid));
      if (!result.success) throw new RefusalError(refusalOfIssue(result.error.issues[0]));
      request.event = result.data;
    },
  };
}

/** Refuses an event with more fields than any has, before each of them is looked at. */
function refuseTooWide(event: unknown): void {
  if (typeof event !== 'object' || event === null) return;
  if (Object.keys(event).length <= EVENT_FIELDS_MAX) return;
  const why = `字段过多，最多 ${EVENT_FIELDS_MAX} 个 (at most so many fields)`;
  throw new RefusalError(refuse('PARAM_ERROR', { field: 'event', why }));
}

/** Reads the input of a callback by how it was invoked, not by what it claims to be. */
function notificationOf({ event, context }: StepRequest): object {
  if (context.caller.kind === 'wechat') return { from: 'cloudPay', event };
  const posted = httpEventOf(event);
  context.postedXml = isXml(posted.body);
  return { from: 'http', ...posted };
}

/** Removes the `userInfo` that the platform adds to a client's event, where it equals the caller. */
function withoutUserInfo(event: unknown, openid: string): unknown {
  if (!isRecord(event) || !isRecord(event.userInfo)) return event;
  const { userInfo, ...rest } = event;
  return userInfo.openId === openid ? rest : event;
}

interface Issue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  message: string;
  keys?: readonly string[];
}

function refusalOfIssue(issue: Issue | undefined): Refusal {
  const unknown = issue?.keys?.[0];
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const field = path.map(String).join('.').slice(0, 64) || 'event';
  const why = unknown === undefined ? issue?.message : '没有这个字段 (there is no such field)';
  return refuse('PARAM_ERROR', { field, why: `${field} ${why ?? ''}` });
}

/** Gives results and errors the form of an answer; nothing is thrown at a caller. */
export function answer<I>({ name, form }: Contract<I>): Step {
  const respond = (request: StepRequest, result: object) => {
    const { context } = request;
    const { requestId, caller } = context;
    if (form !== 'http') request.response = answerOf(name, result, requestId);
    else if (caller.kind === 'http')
      request.response = httpAnswerOf(result, { inXml: context.postedXml ?? false });
    else if (caller.kind === 'wechat') request.response = cloudPayAnswerOf(result);
    else request.response = answerOf(name, result, requestId);
  };
  return {
    after: (request) => {
      const result = request.response as object;
      if (isRefusal(result)) noteRefusal(request.context, result);
      respond(request, result);
    },
    onError: (request) => {
      const refusal = refusalOfError(request.error, request.context);
      noteRefusal(request.context, refusal);
      respond(request, refusal);
    },
  };
}

/** Adds a refusal to the log line of its invocation. */
export function noteRefusal(
  { log, fields }: Pick<FunctionInvocation, 'log' | 'fields'>,
  { refused, retry, field, details }: Refusal,
): void {
  const level = fields.level ?? 'warn';
  const wechatRequestId = details?.wechatRequestId;
  log.add({
    level,
    errCode: refused,
    retry,
    ...(field === undefined ? {} : { field }),
    ...(typeof wechatRequestId === 'string' ? { wechatRequestId } : {}),
  });
}

/** Turns whatever a use case threw into the refusal that its caller gets; the log has the error. */
export function refusalOfError(error: unknown, { log }: Pick<FunctionInvocation, 'log'>): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  log.add({ level: 'error', error: describe(error) });
  return foreseenRefusal(error) ?? refuse('INTERNAL_ERROR');
}

function describe(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 1000);
}
