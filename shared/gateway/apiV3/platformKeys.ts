import type { KeyObject } from 'node:crypto';
import { type CallWatch, GatewayError } from '../../ports/gateway.ts';
import { downloadCertificates, type ListedCertificate } from './certificates.ts';
import { longestOf, type WeChatKey } from './crypto/encrypt.ts';
import type { Verifiers } from './crypto/verify.ts';
import type { Keys } from './keys/keys.ts';
import type { SigningContext } from './request.ts';

/** WeChat recommends to look for new certificates every 12 hours. Source: wechatpay-skills. */
const AGE_MAX_MS = 12 * 3_600_000;
/** An unknown serial costs one download in this time, however often it is sent. */
const FETCH_AGAIN_MS = 10 * 60_000;
/** A fetch that WeChat did not answer says nothing: the next may follow so soon. */
const UNANSWERED_AGAIN_MS = 10_000;
/** The serial of a certificate; a public key (PUB_KEY_ID_…) cannot be downloaded. */
const CERTIFICATE_SERIAL = /^[0-9A-F]{8,64}$/;

/** Where an unknown serial came from; each has a limit of its own, so that a forger uses up only one. */
export type Asker = 'answer' | 'notification';

/** Looks for a key on behalf of somebody, whose watch sees the request. */
export interface Lookup {
  asker: Asker;
  timeoutMs: number;
  watch?: CallWatch | undefined;
}

/** WeChat's keys: the configured ones, and its platform certificates once they are downloaded. */
export interface PlatformKeys extends Verifiers {
  /**
   * Prepares a request. Without any key it downloads the certificates first and throws a
   * {@link GatewayError} when that fails: nothing was sent then. Old ones are renewed beside the
   * request, which does not wait for them.
   */
  prepare(timeoutMs: number, watch?: CallWatch): Promise<void>;
  /**
   * Fetches a certificate with this serial; returns an error of that. Once in 10 minutes at most, or in 10
   * seconds while WeChat does not answer: a lost answer must not make us blind for long.
   */
  fetchBySerial(serial: string, lookup: Lookup): Promise<GatewayError | undefined>;
  /** The key that secret fields are encrypted with; there is one once a request was prepared. */
  encrypter(): WeChatKey | undefined;
}

/** Makes the keys of WeChat for one instance, in memory: at most what one download lists. */
export function createPlatformKeys(context: SigningContext): PlatformKeys {
  let downloaded: ReadonlyMap<string, ListedCertificate> = new Map();
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let renewedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<GatewayError | undefined> | undefined;
  const nextFetchAtMs = { answer: triedAtMs, notification: triedAtMs };
  const nowMs = () => context.now().getTime();

  const verifier = (serial: string): KeyObject | undefined => {
    const listed = downloaded.get(serial);
    const valid = listed && listed.expiresAt.getTime() > nowMs() ? listed.key : undefined;
    return context.keys.verifier(serial) ?? valid;
  };

  async function download(timeoutMs: number, watch?: CallWatch): Promise<GatewayError | undefined> {
    triedAtMs = nowMs();
    const watched = watch === undefined ? context : { ...context, watch };
    try {
      downloaded = await downloadCertificates(watched, { verifier }, timeoutMs);
      renewedAtMs = nowMs();
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return error;
      throw error;
    }
  }

  /** Calls that come together share one download; the watch of whoever began it sees the request. */
  function refresh(timeoutMs: number, watch?: CallWatch): Promise<GatewayError | undefined> {
    running ??= download(timeoutMs, watch).finally(() => (running = undefined));
    return running;
  }

  return {
    verifier,
    async prepare(timeoutMs, watch) {
      if (!context.keys.downloads) return;
      if (![...downloaded.values()].some(({ expiresAt }) => expiresAt.getTime() > nowMs())) {
        const lookupError = await refresh(timeoutMs, watch);
        if (lookupError) throw lookupError;
      } else if (nowMs() - renewedAtMs >= AGE_MAX_MS && nowMs() - triedAtMs >= FETCH_AGAIN_MS) {
        // Not waited for; an error is reported by the first answer that needs the new certificates.
        void refresh(timeoutMs, watch);
      }
    },
    async fetchBySerial(serial, { asker, timeoutMs, watch }) {
      if (!CERTIFICATE_SERIAL.test(serial)) return undefined;
      if (nowMs() < nextFetchAtMs[asker]) return undefined;
      nextFetchAtMs[asker] = nowMs() + UNANSWERED_AGAIN_MS;
      const lookupError = await refresh(timeoutMs, watch);
      const isAnswered = lookupError === undefined || lookupError.retry === 'never';
      if (isAnswered) nextFetchAtMs[asker] = nowMs() + FETCH_AGAIN_MS;
      return lookupError;
    },
    encrypter: () => encrypterOf(context.keys, downloaded),
  };
}

function encrypterOf(
  { encrypter }: Pick<Keys, 'encrypter'>,
  downloaded: ReadonlyMap<string, ListedCertificate>,
): WeChatKey | undefined {
  const listed = [...downloaded].map(([serial, { key, expiresAt }]) => {
    return { serial, key, expiresAtMs: expiresAt.getTime() };
  });
  return longestOf([...(encrypter ? [encrypter] : []), ...listed]);
}

/** Makes WeChat's keys of the configured ones alone, where none can be downloaded. */
export function configuredKeys(keys: Keys): PlatformKeys {
  const { verifier } = keys;
  const encrypter = () => encrypterOf(keys, new Map());
  return { verifier, prepare: async () => {}, fetchBySerial: async () => undefined, encrypter };
}
