import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { World } from '../world/world.ts';
import { selfSigned } from './certificate.ts';

/** A merchant as WeChat Pay knows it: number, APIv3 key, certificates by serial. */
export interface Merchant {
  mchid: string;
  apiV3Key: string;
  /** Serial and private key of each certificate; the last one is the current. */
  certificates: { serialNo: string; privateKeyPem: string }[];
}

/** WeChat Pay's own side of a merchant: the key that signs what it sends, known in two ways. */
export interface Platform {
  publicKeyId: string;
  publicKeyPem: string;
  platformSerial: string;
  platformCertificatePem: string;
}

/** Keys of the local WeChat Pay: made once, kept in the data file, never shared. */
export interface KeyRing {
  merchant(mchid: string): Merchant | undefined;
  addMerchant(mchid: string): Merchant;
  rotate(mchid: string): Merchant;
  /** The public key of a merchant's certificate; undefined for a serial it does not have. */
  merchantKey(mchid: string, serialNo: string): KeyObject | undefined;
  platform: Platform;
  /** Signs as WeChat Pay does in public-key mode, and with the platform certificate. */
  signers: Record<'publicKey' | 'certificate', { serial: string; key: KeyObject }>;
  /** A key that WeChat Pay never used: for forgeries. */
  foreignKey: KeyObject;
  /** Puts the keys back after the data file was cleared. */
  keep(): void;
}

interface Kept {
  merchants: Merchant[];
  publicKey: string;
  certificateKey: string;
  foreign: string;
}

/** Opens the key ring, making keys the first time; `mchid` is the first merchant. */
export function openKeyRing(world: World, mchid: string): KeyRing {
  const table = world.data.table<Kept>('wechatpay_keys');
  const kept = table.get('keys') ?? makeKeys();
  const keep = () => table.put('keys', kept);
  const merchantKeys = new Map<string, KeyObject>();
  const add = (number: string): Merchant => {
    const merchant = {
      mchid: number,
      apiV3Key: hex(world, 16),
      certificates: [certificate(world)],
    };
    kept.merchants.push(merchant);
    keep();
    return merchant;
  };
  const find = (number: string) => kept.merchants.find((merchant) => merchant.mchid === number);
  if (!find(mchid)) add(mchid);
  keep();
  return {
    merchant: find,
    addMerchant: (number) => find(number) ?? add(number),
    rotate: (number) => {
      const merchant = find(number) ?? add(number);
      merchant.certificates.push(certificate(world));
      keep();
      return merchant;
    },
    merchantKey: (number, serialNo) => {
      const id = `${number} ${serialNo}`;
      const found = find(number)?.certificates.find((one) => one.serialNo === serialNo);
      if (found && !merchantKeys.has(id))
        merchantKeys.set(id, createPublicKey(found.privateKeyPem));
      return merchantKeys.get(id);
    },
    ...platformOf(kept, mchid),
    foreignKey: createPrivateKey(kept.foreign),
    keep,
  };
}

function platformOf(kept: Kept, mchid: string): Pick<KeyRing, 'platform' | 'signers'> {
  const publicKey = createPrivateKey(kept.publicKey);
  const certificateKey = createPrivateKey(kept.certificateKey);
  const publicKeyId = `PUB_KEY_ID_01${mchid}20261124000000`;
  const platformSerial = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
  const subject = { o: 'Tenpay.com', cn: 'Tenpay.com sign' };
  const platformCertificatePem = selfSigned(certificateKey, subject, platformSerial);
  const publicKeyPem = createPublicKey(publicKey)
    .export({ format: 'pem', type: 'spki' })
    .toString();
  return {
    platform: { publicKeyId, publicKeyPem, platformSerial, platformCertificatePem },
    signers: {
      publicKey: { serial: publicKeyId, key: publicKey },
      certificate: { serial: platformSerial, key: certificateKey },
    },
  };
}

function makeKeys(): Kept {
  return { merchants: [], publicKey: rsa(), certificateKey: rsa(), foreign: rsa() };
}

function certificate(world: World): Merchant['certificates'][number] {
  return { serialNo: `3${hex(world, 20).slice(1)}`, privateKeyPem: rsa() };
}

function rsa(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function hex(world: World, bytes: number): string {
  return world.randomBytes(bytes).toString('hex').toUpperCase();
}
