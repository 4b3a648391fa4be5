import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../../ports/gateway.ts';
import { downloadCertificates, type ListedCertificate } from './certificates.ts';
import { longestOf, type WeChatKey } from './crypto/encrypt.ts';
import type { Verifiers } from './crypto/verify.ts';
import type { Keys } from './keys/keys.ts';
import type { SigningContext } from './request.ts';

/** WeChat recommends to look for new certificates every 12 hours. Source: wechatpay-skills. */
const AGE_MAX_MS = 12 * 3_600_000;
/** A serial that nobody knows costs one look, however often it is sent. */
const FETCH_AGAIN_MS = 10 * 60_000;
/** The serial of a certificate; a public key (PUB_KEY_ID_…) cannot be downloaded. */
const CERTIFICATE_SERIAL = /^[0-9A-F]{8,64}$/;

/** Who met a serial that is unknown; each has a look of its own, so that a forger spends only one. */
export type Asker = 'answer' | 'notification';

/** WeChat's keys: those that were given, and its platform certificates once they are downloaded. */
export interface PlatformKeys extends Verifiers {
  /**
   * Called before a request. Without any key it downloads the certificates first and throws a
   * {@link GatewayError} when that fails: nothing was sent then. Old ones are renewed beside the
   * request, which does not wait for them.
   */
  prepare(timeoutMs: number): Promise<void>;
  /**
   * Looks for a certificate with this serial, at most once in 10 minutes; answers what went wrong.
   */
  fetchBySerial(serial: string, asker: Asker, timeoutMs: number): Promise<GatewayError | undefined>;
  /** The key that secret fields are encrypted with; there is one once a request was prepared. */
  encrypter(): WeChatKey | undefined;
}

/** Makes the keys of WeChat for one instance, in memory: at most what one download lists. */
export function createPlatformKeys(line: SigningContext): PlatformKeys {
  let downloaded: ReadonlyMap<string, ListedCertificate> = new Map();
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let renewedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<GatewayError | undefined> | undefined;
  const lookedAtMs = { answer: triedAtMs, notification: triedAtMs };
  const nowMs = () => line.now().getTime();

  const verifier = (serial: string): KeyObject | undefined => {
    const listed = downloaded.get(serial);
    const valid = listed && listed.expiresAt.getTime() > nowMs() ? listed.key : undefined;
    return line.keys.verifier(serial) ?? valid;
  };

  async function download(timeoutMs: number): Promise<GatewayError | undefined> {
    triedAtMs = nowMs();
    try {
      downloaded = await downloadCertificates(line, { verifier }, timeoutMs);
      renewedAtMs = nowMs();
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return error;
      throw error;
    }
  }

  /** Calls that come together share one download. */
  function refresh(timeoutMs: number): Promise<GatewayError | undefined> {
    running ??= download(timeoutMs).finally(() => (running = undefined));
    return running;
  }

  return {
    verifier,
    async prepare(timeoutMs) {
      if (!line.keys.downloads) return;
      if (![...downloaded.values()].some(({ expiresAt }) => expiresAt.getTime() > nowMs())) {
        const lookupError = await refresh(timeoutMs);
        if (lookupError) throw lookupError;
      } else if (nowMs() - renewedAtMs >= AGE_MAX_MS && nowMs() - triedAtMs >= FETCH_AGAIN_MS) {
        // Not waited for; what goes wrong is met, and said, by the first answer that it matters to.
        void refresh(timeoutMs);
      }
    },
    async fetchBySerial(serial, asker, timeoutMs) {
      if (!CERTIFICATE_SERIAL.test(serial)) return undefined;
      if (nowMs() - lookedAtMs[asker] < FETCH_AGAIN_MS) return undefined;
      lookedAtMs[asker] = nowMs();
      return refresh(timeoutMs);
    },
    encrypter: () => encrypterOf(line.keys, downloaded),
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

/** Those keys of WeChat's that were given, where there is no line to look for others. */
export function configuredKeys(keys: Keys): PlatformKeys {
  const { verifier } = keys;
  const encrypter = () => encrypterOf(keys, new Map());
  return { verifier, prepare: async () => {}, fetchBySerial: async () => undefined, encrypter };
}
