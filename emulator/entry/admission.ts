import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { type HttpRequest, PlainHeaders } from '../world/wire/http.ts';

/** The local cloud as its entry knows it. */
export interface Place {
  /** Where it is for this machine: a loopback address. */
  url: string;
  /** Everybody but this machine has to show it. */
  token: string;
}

/** A request as the services get it, or why it stays outside. */
export type Admission =
  | { kind: 'admitted'; request: HttpRequest }
  /** The page was asked for by an address with the token: a cookie has it from now on. */
  | { kind: 'page' }
  | { kind: 'refused'; code: string; message: string };

const WITH_TOKEN = /^\/~([^/]*)(\/.*)?$/;

/**
 * Decides who comes in. This machine does, under its own names, as ever; anybody else shows the token, in the
 * path (`/~TOKEN/…`) or in the page's cookie, to an address and no name, so that no rebound one counts. The
 * services get it as a request from this machine, without the token.
 */
export function admit(request: HttpRequest, from: string, place: Place): Admission {
  const url = new URL(request.url);
  const [, shown, path = '/'] = WITH_TOKEN.exec(url.pathname) ?? [];
  if (shown !== undefined && !isSame(shown, place.token)) return refused.wrong;
  const isShown = shown !== undefined;
  if (!isShown && isThisMachine(from)) return { kind: 'admitted', request };
  if (!isShown && !isSame(cookieOf(request, place), place.token)) return refused.missing;
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 && url.hostname !== 'localhost') {
    return refused.name;
  }
  if (isShown && path === '/' && request.method === 'GET') return { kind: 'page' };
  const to = `${isShown ? path : url.pathname}${url.search}`;
  return { kind: 'admitted', request: asFromHere(request, new URL(to, place.url).href, place) };
}

const refused = {
  missing: {
    kind: 'refused',
    code: 'TOKEN_MISSING',
    message:
      '从其他设备访问需带令牌的地址，npm start 会打印 (from another device: open the address with the token, which npm start prints)',
  },
  wrong: {
    kind: 'refused',
    code: 'TOKEN_WRONG',
    message: '地址中的令牌不对，npm start 会打印 (the token is wrong: npm start prints it)',
  },
  name: {
    kind: 'refused',
    code: 'FORBIDDEN',
    message: '请用 IP 地址访问 (by its IP address only)',
  },
} as const satisfies Record<string, Admission>;

/** Tells a peer on this machine by its address. */
export function isThisMachine(from: string): boolean {
  const address = from.replace(/^::ffff:/, '');
  return address === '::1' || address.startsWith('127.');
}

/** Writes the cookie by which the page is known from now on; no other site's request carries it but a visit. */
export function tokenCookie(place: Place): string {
  return `${cookieName(place)}=${place.token}; Path=/; HttpOnly; SameSite=Lax`;
}

/** Names it by the port: cookies do not tell the ports of a host apart. */
function cookieName({ url }: Place): string {
  return `local_token_${new URL(url).port}`;
}

function cookieOf(request: HttpRequest, place: Place): string {
  const cookies = (request.headers.get('cookie') ?? '').split(/; */);
  const ours = cookies.find((each) => each.startsWith(`${cookieName(place)}=`));
  return ours?.slice(cookieName(place).length + 1) ?? '';
}

function isSame(shown: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}

/** Its own page's Origin is left out as that of the page here would be; every other one stays, to be refused. */
function asFromHere(request: HttpRequest, url: string, { token }: Place): HttpRequest {
  const { host } = new URL(request.url);
  const isOwn = request.headers.get('origin') === `http://${host}`;
  const kept = [...request.headers].filter(
    ([name, value]) => name !== 'host' && !(name === 'origin' && isOwn) && !value.includes(token),
  );
  return changed(request, url, [...kept, ['host', new URL(url).host]]);
}

/** Makes the same request under another address and other headers. */
export function changed(
  request: HttpRequest,
  url: string,
  headers: Iterable<readonly [string, string]>,
): HttpRequest {
  return {
    method: request.method,
    url,
    headers: new PlainHeaders(headers),
    get signal() {
      return request.signal;
    },
    text: () => request.text(),
    arrayBuffer: () => request.arrayBuffer(),
  };
}
