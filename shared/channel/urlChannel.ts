import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SignedMessage } from '../contract/event/signature.ts';
import type { DeliveryOutcome } from '../domain/delivery/deliveryState.ts';
import { isLoopback, isPublic } from './address.ts';
import { retryAfterMs } from './retryAfter.ts';

/** Limits where a delivery may go: by which scheme, and to which addresses. */
export interface Guard {
  scheme: 'https:' | 'http:';
  isAllowed(address: string): boolean;
}

/** Lets deliveries go to the internet, encrypted. */
export const internetGuard: Guard = { scheme: 'https:', isAllowed: isPublic };

/** Lets deliveries of a local cloud go to this machine, and nowhere else. */
export const loopbackGuard: Guard = { scheme: 'http:', isAllowed: isLoopback };

/** An address that a name leads to. */
export interface Resolved {
  address: string;
  family: number;
}

/** A delivery to an address needs these; `resolve` is the system's unless given. */
export interface UrlChannelOptions {
  url: string;
  guard: Guard;
  now(): Date;
  resolve?(hostname: string): Promise<readonly Resolved[]>;
}

/** So much of an answer's body is read, to let the connection end in peace; none of it counts. */
const ANSWER_BYTES_MAX = 65_536;
const GONE = 410;

/**
 * Posts a message to an address: every address that the name has is checked, and the connection is made to one of
 * those that were, so that a name which changes its mind leads nowhere else. It follows no redirect.
 */
export async function deliverToUrl(
  message: SignedMessage,
  options: UrlChannelOptions,
  timeoutMs: number,
): Promise<DeliveryOutcome> {
  const { guard, resolve = resolveByTheSystem, now } = options;
  const deadline = new Deadline(timeoutMs);
  try {
    const url = new URL(options.url);
    if (url.protocol !== guard.scheme) return { kind: 'refused', reason: 'SCHEME_NOT_ALLOWED' };
    const addresses = await Promise.race([addressesOf(url, resolve), deadline.passed]);
    if (addresses === 'late') return { kind: 'timed_out' };
    if (!addresses.every(({ address }) => guard.isAllowed(address))) {
      return { kind: 'refused', reason: 'ADDRESS_NOT_PUBLIC' };
    }
    return await exchange(message, { url, addresses, now, deadline });
  } catch (error) {
    const { code, message: why } = Object(error) as { code?: unknown; message?: unknown };
    return { kind: 'refused', reason: String(code ?? why ?? error) };
  } finally {
    deadline.clear();
  }
}

function resolveByTheSystem(hostname: string): Promise<readonly Resolved[]> {
  return lookup(hostname, { all: true });
}

async function addressesOf(
  { hostname }: URL,
  resolve: NonNullable<UrlChannelOptions['resolve']>,
): Promise<readonly Resolved[]> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  const addresses = family === 0 ? await resolve(bare) : [{ address: bare, family }];
  if (addresses.length === 0) throw new Error('ENOTFOUND');
  return addresses;
}

/** The time that one delivery has, its name's resolution with it. */
class Deadline {
  readonly passed: Promise<'late'>;
  private timer: NodeJS.Timeout | undefined;
  constructor(ms: number) {
    this.passed = new Promise((resolve) => {
      this.timer = setTimeout(() => resolve('late'), ms);
    });
  }
  clear(): void {
    clearTimeout(this.timer);
  }
}

interface Exchange {
  url: URL;
  /** All of them were checked. */
  addresses: readonly Resolved[];
  now(): Date;
  deadline: Deadline;
}

function exchange(message: SignedMessage, { url, addresses, now, deadline }: Exchange) {
  const { body, ...signature } = message;
  const toChecked: LookupFunction = (_hostname, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
  const sending = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    headers: {
      ...signature,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'scf-wechatpay',
    },
    lookup: toChecked,
    // A connection of an earlier delivery may lead to an address that was not checked for this one.
    agent: false,
  });
  return new Promise<DeliveryOutcome>((resolve, reject) => {
    let outcome: DeliveryOutcome = { kind: 'timed_out' };
    void deadline.passed.then(() => {
      resolve(outcome);
      sending.destroy();
    });
    sending.on('error', (error) =>
      outcome.kind === 'timed_out' ? reject(error) : resolve(outcome),
    );
    sending.once('response', (response) => {
      outcome = outcomeOf(response, now());
      response.on('error', () => resolve(outcome));
      response.on('close', () => resolve(outcome));
      drain(response);
    });
    sending.end(body);
  });
}

function drain(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) response.destroy();
  });
}

function outcomeOf({ statusCode = 0, headers }: http.IncomingMessage, now: Date): DeliveryOutcome {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted' };
  if (statusCode === GONE) return { kind: 'gone' };
  const waitMs = retryAfterMs(headers['retry-after'], now);
  const reason = `HTTP_${statusCode}`;
  return { kind: 'refused', reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
}
