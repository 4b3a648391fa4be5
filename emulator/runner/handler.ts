import { newRequestId } from '../world/service.ts';
import { headersSent } from '../world/timeline/causes.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { type Failure, failures } from './errors.ts';
import type { FunctionSpec } from './invocation.ts';
import { ACCOUNT } from './invocations/context.ts';
import type { Invoke } from './invocations/createInvoke.ts';

/** The handler needs the functions, and their runs. */
export interface HandlerDeps {
  world: World;
  envId: string;
  functionAt(path: string): FunctionSpec | undefined;
  invoke: Invoke;
}

/** Answers requests to HTTP access routes (HTTP 访问服务); undefined when no route covers the path. */
export function createHandler({ world, envId, functionAt, invoke }: HandlerDeps) {
  return async (request: HttpRequest): Promise<Response | undefined> => {
    const spec = functionAt(new URL(request.url).pathname);
    if (!spec) return undefined;
    const requestId = newRequestId(world);
    const { appId, uin } = ACCOUNT;
    const account = { appId: Number(appId), uin: Number(uin) };
    const read = await httpEvent(request, { requestId, envId, ...account });
    if (read.kind === 'failure') return httpFailure(read.failure, requestId);
    const { error, result } = await invoke(spec.name, read.event, { kind: 'http' }, requestId);
    return error ? httpFailure(error, requestId) : httpAnswer(result);
  };
}

/** An HTTP access event names the request and the deployment. */
export interface RequestContext {
  requestId: string;
  envId: string;
  appId: number;
  uin: number;
}

/** The platform hands these over as they are and anything else, XML among it, as base64. */
const TEXT = /^(text\/(?!xml)|application\/(json|javascript|x-www-form-urlencoded)|[^;]+\+json)/i;

const TEXT_BYTES_MAX = 100 * 1024;

/** A request became an event, or is refused. */
export type HttpEvent = { kind: 'event'; event: unknown } | { kind: 'failure'; failure: Failure };

/**
 * Turns a request into the event of an HTTP access route (HTTP 访问服务); refuses a text body above
 * 100 kB. Sources: 876/41776; docs.cloudbase.net/error-code, EXCEED_MAX_PAYLOAD_SIZE.
 */
export async function httpEvent(
  request: HttpRequest,
  requestContext: RequestContext,
): Promise<HttpEvent> {
  const url = new URL(request.url);
  const bytes = Buffer.from(await request.arrayBuffer());
  const isText = bytes.length === 0 || TEXT.test(request.headers.get('content-type') ?? '');
  if (isText && bytes.length > TEXT_BYTES_MAX) {
    return { kind: 'failure', failure: failures.eventTooLarge() };
  }
  const event = {
    path: url.pathname,
    httpMethod: request.method,
    headers: Object.fromEntries(headersSent(request.headers)),
    multiValueHeaders: Object.fromEntries(
      headersSent(request.headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext,
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
  return { kind: 'event', event };
}

/** Turns a function's result into a response: with `statusCode` as it says, else text or JSON. */
export function httpAnswer(result: unknown): Response {
  if (typeof result === 'string') return answer(200, 'text/plain; charset=utf-8', result);
  if (isIntegrated(result)) return integratedResponse(result);
  return json(200, result);
}

/** Answers in place of a function that failed, as the gateway does. */
export function httpFailure(failure: Failure, requestId: string): Response {
  const status = failure.code === 'EXCEED_MAX_PAYLOAD_SIZE' ? 413 : 500;
  return json(status, { ...failure, requestId });
}

interface Integrated {
  statusCode: unknown;
  headers?: Record<string, unknown>;
  body?: unknown;
  isBase64Encoded?: unknown;
}

function isIntegrated(result: unknown): result is Integrated {
  return typeof result === 'object' && result !== null && 'statusCode' in result;
}

/** Statuses that must not have a body. */
const BODYLESS = [204, 205, 304];

function integratedResponse({ statusCode, headers, body, isBase64Encoded }: Integrated): Response {
  const status = Number(statusCode);
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? undefined);
  const bytes = Buffer.from(text ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const pairs = Object.entries(headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  try {
    const init = { status, headers: new Headers(Object.fromEntries(pairs)) };
    return new Response(BODYLESS.includes(status) ? null : bytes, init);
  } catch (error) {
    return json(502, { code: 'INVALID_RESPONSE', message: String(error) });
  }
}

function json(status: number, value: unknown): Response {
  return answer(status, 'application/json; charset=utf-8', JSON.stringify(value ?? null));
}

function answer(status: number, type: string, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': type } });
}
