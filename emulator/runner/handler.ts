import { type Failure, type FunctionSpec, failures } from './invocation.ts';

/** What an HTTP access event says of the deployment. */
export interface RequestContext {
  requestId: string;
  envId: string;
  appId: string;
  uin: string;
}

/** The function whose route covers `path`; the longest route wins. Source: 876/41776. */
export function functionAt(functions: FunctionSpec[], path: string): FunctionSpec | undefined {
  const matches = functions.flatMap((spec) =>
    spec.routes.filter((route) => covers(route.path, path)).map((route) => ({ route, spec })),
  );
  matches.sort((a, b) => b.route.path.length - a.route.path.length);
  return matches[0]?.spec;
}

function covers(route: string, path: string): boolean {
  const base = route.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}

/** The platform hands these over as they are and anything else, XML among it, as base64. */
const TEXT = /^(text\/(?!xml)|application\/(json|javascript|x-www-form-urlencoded)|[^;]+\+json)/i;

const TEXT_BYTES_MAX = 100 * 1024;

/**
 * The event of an HTTP access route (HTTP 访问服务), or why the request is refused: a text body
 * above 100 kB. Sources: 876/41776; docs.cloudbase.net/error-code, EXCEED_MAX_PAYLOAD_SIZE.
 */
export async function httpEvent(
  request: Request,
  requestContext: RequestContext,
): Promise<{ event: unknown } | { failure: Failure }> {
  const url = new URL(request.url);
  const bytes = Buffer.from(await request.arrayBuffer());
  const isText = bytes.length === 0 || TEXT.test(request.headers.get('content-type') ?? '');
  if (isText && bytes.length > TEXT_BYTES_MAX) return { failure: failures.eventTooLarge() };
  const event = {
    path: url.pathname,
    httpMethod: request.method,
    headers: Object.fromEntries(request.headers),
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext,
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
  return { event };
}

/** A function's result as an HTTP response: with `statusCode` as it says, else text or JSON. */
export function httpAnswer(result: unknown): Response {
  if (typeof result === 'string') return answer(200, 'text/plain; charset=utf-8', result);
  if (isIntegrated(result)) return integratedResponse(result);
  return json(200, result);
}

/** What the gateway answers in place of a function that failed. */
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
  const given = Object.entries(headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  try {
    const init = { status, headers: new Headers(Object.fromEntries(given)) };
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
