import { createHash, timingSafeEqual } from 'node:crypto';
import { newRequestId, type Service } from '../world/service.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { type Failure, RefusalError, refuse, statusOf, wordOf } from './errors.ts';

/** A call of a function through the HTTP API; a version where `qualifier` names one. */
export interface ApiCall {
  name: string;
  qualifier?: string;
  event: object;
}

/** How a call ended, and the id under which its log lies; empty where it never ran. */
export interface ApiOutcome {
  requestId: string;
  result?: unknown;
  error?: Failure;
}

/** The HTTP API needs these of its cloud. */
export interface HttpApiOptions {
  /** The one that is accepted, an administrator's: function rules do not bind it. */
  apiKey: string;
  /** How large a body may be, where the documents differ. */
  bodyLimit(): '6MB' | '100KB';
  invoke(call: ApiCall): Promise<ApiOutcome>;
}

const PATH = /^\/v1\/functions\/([^/]*)$/;
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,58}[a-zA-Z0-9]$/;
const BODY_BYTES_MAX = { '6MB': 6 * 1024 * 1024, '100KB': 100 * 1024 };

/**
 * Makes CloudBase's HTTP API of functions, `POST /v1/functions/{name}`: the body is the event, the answer what
 * the function returned. Sources:
 * docs.cloudbase.net/http-api/functions, docs.cloudbase.net/error-code/semantic-http-status.
 */
export function createHttpApi(world: World, options: HttpApiOptions): Service {
  return {
    owns: (request) => PATH.test(new URL(request.url).pathname),
    handle: async (request) => {
      try {
        const call = await readCall(request, options);
        const { requestId, result, error } = await options.invoke(call);
        const id = requestId || newRequestId(world);
        return error ? failed(error, id) : answered(result, id);
      } catch (error) {
        if (error instanceof RefusalError) return failed(error, newRequestId(world));
        throw error;
      }
    },
  };
}

async function readCall(request: HttpRequest, options: HttpApiOptions): Promise<ApiCall> {
  const { pathname, searchParams } = new URL(request.url);
  const { headers } = request;
  checkKey(headers.get('authorization') ?? '', options.apiKey);
  if (request.method !== 'POST') throw refuse.parameter(`method ${request.method}`);
  const name = decoded(PATH.exec(pathname)?.[1] ?? '');
  if (!NAME.test(name)) throw refuse.parameter(`function name ${name}`);
  if (searchParams.get('webfn') === 'true' || headers.get('x-tcb-webfn') === 'true') {
    throw refuse.parameter('webfn: 这里没有 HTTP 函数 (there are no HTTP functions here)');
  }
  const qualifier = headers.get('x-qualifier');
  const event = await readEvent(request, BODY_BYTES_MAX[options.bodyLimit()]);
  return { name, event, ...(qualifier ? { qualifier } : {}) };
}

/** Accepts the API Key alone: no user's token, no publishable key, no TC3 signature. */
function checkKey(authorization: string, apiKey: string): void {
  if (authorization === '') throw refuse.noKey();
  const [, key = ''] = /^Bearer +(\S+)$/.exec(authorization) ?? [];
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(key), digest(apiKey))) throw refuse.key();
}

async function readEvent(request: HttpRequest, bytesMax: number): Promise<object> {
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > bytesMax) throw refuse.tooLarge(bytesMax);
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json *(;|$)/i.test(type)) throw refuse.parameter(`content-type ${type}`);
  const value = parsed(bytes.toString());
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw refuse.parameter('请求体应为 JSON 对象 (the body must be a JSON object)');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Answers what the function returned: a text as it is, all else as JSON; nothing in it steers the response. */
function answered(result: unknown, requestId: string): Response {
  const isText = typeof result === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  const body = isText ? result : JSON.stringify(result ?? null);
  return new Response(body, { headers: { 'content-type': type, 'x-request-id': requestId } });
}

function failed({ code, message }: Failure, requestId: string): Response {
  const word = wordOf(code);
  const headers = { 'x-request-id': requestId };
  return Response.json({ code: word, message, requestId }, { status: statusOf(word), headers });
}
