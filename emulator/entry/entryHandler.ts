import type { Handler } from '../server.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import { type Admission, admit, type Place, tokenCookie } from './admission.ts';
import { isOfDevTools, preflightAnswer, readable, withoutOrigin } from './devtools.ts';

/** An entry is built with these. */
export interface EntryOptions extends Place {
  /** Lets the pages of mini programs in WeChat DevTools in. */
  devtools: boolean;
}

/** Puts an entry before everything that the local cloud serves. */
export function createEntryHandler(handler: Handler, options: EntryOptions): Handler {
  return async (request, from = '127.0.0.1') => {
    const admission = admit(request, from, options);
    if (admission.kind === 'admitted') return serveInside(handler, admission.request, options);
    if (admission.kind === 'refused') return refusal(admission);
    const headers = { location: '/', 'set-cookie': tokenCookie(options), ...PRIVATE };
    return new Response(null, { status: 303, headers });
  };
}

/** An address with a token is kept and told nowhere. */
const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

async function serveInside(
  handler: Handler,
  request: HttpRequest,
  { devtools, url }: EntryOptions,
) {
  if (!isOfDevTools(request)) return handler(request);
  if (!devtools) return refusal(CLOSED);
  const { host, port } = new URL(url);
  if (![host, `localhost:${port}`].includes(request.headers.get('host') ?? '')) {
    return handler(request); // A rebound name, which is refused there.
  }
  const origin = request.headers.get('origin') ?? '';
  if (request.method === 'OPTIONS') return preflightAnswer(origin);
  return readable(await handler(withoutOrigin(request)), origin);
}

const CLOSED = {
  kind: 'refused',
  code: 'DEVTOOLS_CLOSED',
  message: '请以 npm start -- --devtools 启动 (start it with --devtools, for WeChat DevTools)',
} as const;

function refusal({ code, message }: Extract<Admission, { kind: 'refused' }>): Response {
  return Response.json({ error: { code, message, field: 'token' } }, { status: 403 });
}
