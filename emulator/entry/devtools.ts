import type { HttpRequest, HttpResponse } from '../world/wire/http.ts';
import { changed } from './admission.ts';

/** Pages of mini programs, in DevTools and on a phone, are of this site. Source: wx.request. */
const MINI_PROGRAMS = 'https://servicewechat.com';

/** Only the control API is open to them. */
const OPEN = /^\/_local\//;

/** Recognises a request of a mini program that a browser's rules hold: no other page can write either header. */
export function isOfDevTools({ headers, url }: HttpRequest): boolean {
  const isTheirs =
    headers.get('origin') === MINI_PROGRAMS ||
    (headers.has('origin') && (headers.get('referer') ?? '').startsWith(`${MINI_PROGRAMS}/`));
  return isTheirs && OPEN.test(new URL(url).pathname);
}

/** Makes it a request without an Origin, as scripts of this machine send. */
export function withoutOrigin(request: HttpRequest): HttpRequest {
  const kept = [...request.headers].filter(([name]) => name !== 'origin');
  return changed(request, request.url, kept);
}

/** Answers the question that a browser asks before such a request. */
export function preflightAnswer(origin: string): Response {
  const headers = {
    ...permission(origin),
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': 'content-type, accept, last-event-id',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '600',
  };
  return new Response(null, { status: 204, headers });
}

/** Lets the page read an answer. */
export async function readable(answer: HttpResponse, origin: string): Promise<HttpResponse> {
  const headers = { ...Object.fromEntries(answer.headers), ...permission(origin) };
  const body = answer instanceof Response ? answer.body : await answer.arrayBuffer();
  return new Response(body, { status: answer.status, headers });
}

function permission(origin: string) {
  return { 'access-control-allow-origin': origin, vary: 'Origin' };
}
