import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { World } from '../../world/world.ts';
import type { SignerKind } from '../wire/operation.ts';
import { selfSigned } from './certificate.ts';
import { openSecret } from './secretField.ts';

/** WeChat Pay's own side of a merchant: the key that signs what it sends, known in two ways. */
export interface Platform {
  publicKeyId: string;
  publicKeyPem: string;
  platformSerial: string;
  platformCertificatePem: string;
}

/** A platform certificate (平台证书) that is listed to merchants. */
export interface PlatformCertificate {
  serial: string;
  pem: string;
  effectiveAtMs: number;
  expiresAtMs: number;
}

/** A switch on WeChat Pay's side while a merchant goes on. */
export type PlatformSwitch = 'new_certificate' | 'old_certificate' | 'public_key_only' | 'both';

/** The keys of WeChat Pay itself. */
export interface PlatformKeys {
  /** The public key, and the certificate that signs at present. */
  platform(): Platform;
  /** The key that signs in public-key mode, or with the platform certificate. */
  signer(kind: SignerKind): { serial: string; key: KeyObject };
  /** Opens a secret field made with the key of that id or serial; undefined when it was not. */
  decrypt(serial: string, secret: string): string | undefined;
  /** The certificates that have not expired; none in public-key-only mode. */
  certificates(): PlatformCertificate[];
  switchPlatform(to: PlatformSwitch): void;
  /** Back to the first certificate, beside the public key. */
  resetPlatform(): void;
}

interface StoredCertificate extends PlatformCertificate {
  privateKey: string;
}

/** The platform's keys as the data file has them. */
export interface StoredPlatform {
  publicKeyId: string;
  publicKey: string;
  publicKeyOnly: boolean;
  /** The oldest first; `signing` is the serial of the one that signs. */
  certificates: StoredCertificate[];
  signing: string;
}

const FIRST_SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
const DAY_MS = 24 * 3_600_000;
/** A certificate counts for five years; the one it replaces a day more (V3 wiki chapter7_1_3). */
const LIFE_MS = 5 * 365 * DAY_MS;
const OVERLAP_MS = DAY_MS;
const BEGAN_MS = Date.parse('2020-01-01T00:00:00Z');
const NEVER_MS = Date.parse('2200-01-01T00:00:00Z');

/** The two private keys of a data file that knew no second certificate. */
export interface OlderPlatform {
  publicKey?: string;
  certificateKey?: string;
}

/** Makes the platform's first keys, or takes them from an older data file. */
export function makePlatform(
  { rsaKey }: World,
  mchid: string,
  { publicKey = rsaKey(), certificateKey = rsaKey() }: OlderPlatform = {},
): StoredPlatform {
  return {
    publicKeyId: `PUB_KEY_ID_01${mchid}20261124000000`,
    publicKey,
    publicKeyOnly: false,
    certificates: [certificate(FIRST_SERIAL, BEGAN_MS, NEVER_MS, certificateKey)],
    signing: FIRST_SERIAL,
  };
}

const SWITCHES: Record<PlatformSwitch, (world: World, stored: StoredPlatform) => void> = {
  new_certificate: ({ clock, randomBytes, rsaKey }, stored) => {
    const nowMs = clock.nowMs();
    const serial = `5${randomBytes(20).toString('hex').toUpperCase().slice(1)}`;
    stored.certificates = [
      ...stored.certificates.map((old) => ({
        ...old,
        expiresAtMs: Math.min(old.expiresAtMs, nowMs + OVERLAP_MS),
      })),
      certificate(serial, nowMs, nowMs + LIFE_MS, rsaKey()),
    ];
    stored.signing = serial;
  },
  // While certificates are exchanged either of them may sign.
  old_certificate: ({ clock }, stored) => {
    const [oldest] = stored.certificates.filter(({ expiresAtMs }) => clock.nowMs() < expiresAtMs);
    stored.signing = oldest?.serial ?? stored.signing;
  },
  public_key_only: (_world, stored) => {
    stored.publicKeyOnly = true;
  },
  both: (_world, stored) => {
    stored.publicKeyOnly = false;
  },
};

/** Opens the platform's keys; `save` writes `stored` to the data file after a change. */
export function openPlatformKeys(
  world: World,
  stored: StoredPlatform,
  save: () => void,
): PlatformKeys {
  const keyOf = remembering((pem) => createPrivateKey(pem));
  const publicPemOf = remembering((pem) =>
    createPublicKey(pem).export({ format: 'pem', type: 'spki' }).toString(),
  );
  const live = () =>
    stored.certificates.filter(({ expiresAtMs }) => world.clock.nowMs() < expiresAtMs);
  const current = (): StoredCertificate => {
    const usable = live();
    const found = usable.find(({ serial }) => serial === stored.signing) ?? usable.at(-1);
    if (!found) throw new Error('every platform certificate has expired');
    return found;
  };
  return {
    platform: () => {
      const { serial, pem } = current();
      const { publicKeyId } = stored;
      const publicKeyPem = publicPemOf(stored.publicKey);
      return { publicKeyId, publicKeyPem, platformSerial: serial, platformCertificatePem: pem };
    },
    signer: (kind) => {
      if (kind === 'publicKey' || stored.publicKeyOnly)
        return { serial: stored.publicKeyId, key: keyOf(stored.publicKey) };
      const { serial, privateKey } = current();
      return { serial, key: keyOf(privateKey) };
    },
    decrypt: (serial, secret) => {
      const known = stored.publicKeyOnly ? [] : live();
      const named = known.find((each) => each.serial === serial)?.privateKey;
      const pem = serial === stored.publicKeyId ? stored.publicKey : named;
      return pem === undefined ? undefined : openSecret(secret, keyOf(pem));
    },
    certificates: () => (stored.publicKeyOnly ? [] : live()),
    switchPlatform: (to) => {
      SWITCHES[to](world, stored);
      save();
    },
    resetPlatform: () => {
      Object.assign(stored, { publicKeyOnly: false, signing: FIRST_SERIAL });
      stored.certificates = stored.certificates
        .slice(0, 1)
        .map((first) => ({ ...first, expiresAtMs: NEVER_MS }));
      save();
    },
  };
}

/** Makes something of a private key once. */
function remembering<T>(make: (pem: string) => T): (pem: string) => T {
  const made = new Map<string, T>();
  return (pem) => {
    const found = made.get(pem) ?? make(pem);
    made.set(pem, found);
    return found;
  };
}

function certificate(
  serial: string,
  effectiveAtMs: number,
  expiresAtMs: number,
  privateKey: string,
): StoredCertificate {
  const subject = { o: 'Tenpay.com', cn: 'Tenpay.com sign' };
  const pem = selfSigned(createPrivateKey(privateKey), subject, serial);
  return { serial, pem, privateKey, effectiveAtMs, expiresAtMs };
}
