import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import type { World } from '../../world/world.ts';
import {
  makePlatform,
  type OlderPlatform,
  openPlatformKeys,
  type PlatformKeys,
  type StoredPlatform,
} from './platformKeys.ts';

interface MerchantCertificate {
  serialNo: string;
  privateKeyPem: string;
}

/** A merchant as WeChat Pay knows it: its number, both keys, its certificates. */
export interface Merchant {
  mchid: string;
  apiV3Key: string;
  apiV2Key: string;
  /** Serial and private key of each certificate; the last one is the current. */
  certificates: MerchantCertificate[];
  /** 特约商户: the numbers that are paid through its keys; a service provider has some. */
  subMchids?: string[];
}

/**
 * The keys of merchants and of WeChat Pay itself: made once, stored in the data file, never shared.
 */
export interface KeyRing extends PlatformKeys {
  merchants(): readonly Merchant[];
  merchant(mchid: string): Merchant | undefined;
  addMerchant(mchid: string): Merchant;
  rotate(mchid: string): Merchant;
  /** Registers a sub-merchant under a provider, whose keys are its own. */
  addSubMerchant(spMchid: string, mchid: string): Merchant;
  isProvider(mchid: string): boolean;
  isSubMerchant(spMchid: string, mchid: string): boolean;
  /** The public key of a merchant's certificate; undefined for a serial it does not have. */
  merchantKey(mchid: string, serialNo: string): KeyObject | undefined;
  /** A key that WeChat Pay never used: for forgeries. */
  foreignKey: KeyObject;
  /** Puts the keys back after the data file was cleared. */
  save(): void;
  /** Takes over the keys that the data file holds now; throws, changing nothing, where they are none. */
  reload(): void;
}

interface StoredKeys {
  merchants: Merchant[];
  platform: StoredPlatform;
}

const PEM = z.string().check(z.refine(isPrivateKey, 'not a private key'));
const SYMMETRIC_KEY = z.string().check(z.regex(/^[0-9A-Z]{32}$/i));
const STORED_KEYS = z.strictObject({
  merchants: z
    .array(
      z.strictObject({
        mchid: z.string(),
        apiV3Key: SYMMETRIC_KEY,
        apiV2Key: SYMMETRIC_KEY,
        certificates: z
          .array(z.strictObject({ serialNo: z.string(), privateKeyPem: PEM }))
          .check(z.minLength(1)),
        subMchids: z.optional(z.array(z.string())),
      } satisfies Record<keyof Merchant, z.ZodMiniType>),
    )
    .check(z.minLength(1)),
  platform: z.strictObject({
    publicKeyId: z.string(),
    publicKey: PEM,
    publicKeyOnly: z.boolean(),
    certificates: z
      .array(
        z.strictObject({
          serial: z.string(),
          pem: z.string(),
          privateKey: PEM,
          effectiveAtMs: z.int(),
          expiresAtMs: z.int(),
        }),
      )
      .check(z.minLength(1)),
    signing: z.string(),
  } satisfies Record<keyof StoredPlatform, z.ZodMiniType>),
});

/** The keys of a data file of before there could be a second platform certificate. */
type OlderKeys = Omit<StoredKeys, 'platform'> & OlderPlatform;

/** A merchant of a data file that had no APIv2 keys. */
type OlderMerchant = Omit<Merchant, 'apiV2Key'> & { apiV2Key?: string };

/** Opens the key ring, making keys the first time; `mchid` is the first merchant. */
export function openKeyRing(world: World, mchid: string): KeyRing {
  const table = world.data.table<StoredKeys>('wechatpay_keys');
  const stored = withEveryKey(world, mchid, table.get('keys') ?? { merchants: [] });
  const save = () => table.put('keys', stored);
  const merchantKeys = new Map<string, KeyObject>();
  let foreign: KeyObject | undefined;
  const add = (number: string): Merchant => {
    const merchant = newMerchant(world, number);
    stored.merchants.push(merchant);
    save();
    return merchant;
  };
  const find = (number: string) => stored.merchants.find((merchant) => merchant.mchid === number);
  if (!find(mchid)) add(mchid);
  save();
  return {
    merchants: () => stored.merchants,
    merchant: find,
    addMerchant: (number) => find(number) ?? add(number),
    rotate: (number) => {
      const merchant = find(number) ?? add(number);
      merchant.certificates.push(certificate(world));
      save();
      return merchant;
    },
    ...subMerchantsOf(find, add, save),
    merchantKey: (number, serialNo) => {
      const id = `${number} ${serialNo}`;
      const found = find(number)?.certificates.find((each) => each.serialNo === serialNo);
      if (found && !merchantKeys.has(id))
        merchantKeys.set(id, createPublicKey(found.privateKeyPem));
      return merchantKeys.get(id);
    },
    ...openPlatformKeys(world, stored.platform, save),
    // Made when it is first used: a key costs a tenth of a second, and few worlds forge anything.
    get foreignKey() {
      foreign ??= createPrivateKey(world.rsaKey());
      return foreign;
    },
    save,
    reload: () => {
      takeOver(stored, STORED_KEYS.parse(table.get('keys')) as StoredKeys, mchid);
      merchantKeys.clear();
    },
  };
}

function takeOver(stored: StoredKeys, { merchants, platform }: StoredKeys, mchid: string): void {
  if (!merchants.some((each) => each.mchid === mchid)) throw new Error(`no keys of ${mchid}`);
  stored.merchants = merchants;
  Object.assign(stored.platform, platform);
}

function subMerchantsOf(
  find: (mchid: string) => Merchant | undefined,
  add: (mchid: string) => Merchant,
  save: () => void,
): Pick<KeyRing, 'addSubMerchant' | 'isProvider' | 'isSubMerchant'> {
  return {
    addSubMerchant: (spMchid, number) => {
      const provider = find(spMchid) ?? add(spMchid);
      provider.subMchids = [...new Set([...(provider.subMchids ?? []), number])];
      save();
      return provider;
    },
    isProvider: (number) => find(number)?.subMchids !== undefined,
    isSubMerchant: (spMchid, number) => find(spMchid)?.subMchids?.includes(number) ?? false,
  };
}

/** Makes the keys that an older data file had not. */
function withEveryKey(world: World, mchid: string, found: OlderKeys | StoredKeys): StoredKeys {
  const older: OlderMerchant[] = found.merchants;
  const merchants = older.map((each) => ({ ...each, apiV2Key: each.apiV2Key ?? hex(world, 16) }));
  const platform = 'platform' in found ? found.platform : makePlatform(world, mchid, found);
  return { merchants, platform };
}

function newMerchant(world: World, mchid: string): Merchant {
  const apiV3Key = hex(world, 16);
  const apiV2Key = hex(world, 16);
  return { mchid, apiV3Key, apiV2Key, certificates: [certificate(world)] };
}

function certificate(world: World): MerchantCertificate {
  return { serialNo: `3${hex(world, 20).slice(1)}`, privateKeyPem: world.rsaKey() };
}

function hex(world: World, bytes: number): string {
  return world.randomBytes(bytes).toString('hex').toUpperCase();
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
