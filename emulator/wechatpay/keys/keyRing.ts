import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { World } from '../../world/world.ts';
import {
  type KeptPlatform,
  makePlatform,
  type OlderPlatform,
  openPlatformKeys,
  type PlatformKeys,
} from './platformKeys.ts';

/** A merchant as WeChat Pay knows it: number, both keys, certificates by serial. */
export interface Merchant {
  mchid: string;
  apiV3Key: string;
  apiV2Key: string;
  /** Serial and private key of each certificate; the last one is the current. */
  certificates: { serialNo: string; privateKeyPem: string }[];
  /** 特约商户: the numbers that are paid through its keys; a service provider has some. */
  subMchids?: string[];
}

/** Keys of the local WeChat Pay: made once, kept in the data file, never shared. */
export interface KeyRing extends PlatformKeys {
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
  keep(): void;
}

interface Kept {
  merchants: Merchant[];
  platform: KeptPlatform;
}

/** What a data file had before there could be a second platform certificate. */
type OlderKept = Omit<Kept, 'platform'> & OlderPlatform;

/** A merchant of a data file that had no APIv2 keys. */
type OlderMerchant = Omit<Merchant, 'apiV2Key'> & { apiV2Key?: string };

/** Opens the key ring, making keys the first time; `mchid` is the first merchant. */
export function openKeyRing(world: World, mchid: string): KeyRing {
  const table = world.data.table<Kept>('wechatpay_keys');
  const kept = adopted(world, mchid, table.get('keys') ?? { merchants: [] });
  const keep = () => table.put('keys', kept);
  const merchantKeys = new Map<string, KeyObject>();
  let foreign: KeyObject | undefined;
  const add = (number: string): Merchant => {
    const merchant = {
      mchid: number,
      apiV3Key: hex(world, 16),
      apiV2Key: hex(world, 16),
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
    ...subMerchantsOf(find, add, keep),
    merchantKey: (number, serialNo) => {
      const id = `${number} ${serialNo}`;
      const found = find(number)?.certificates.find((one) => one.serialNo === serialNo);
      if (found && !merchantKeys.has(id))
        merchantKeys.set(id, createPublicKey(found.privateKeyPem));
      return merchantKeys.get(id);
    },
    ...openPlatformKeys(world, kept.platform, keep),
    // Made when it is first used: a key costs a tenth of a second, and few worlds forge anything.
    get foreignKey() {
      foreign ??= createPrivateKey(world.rsaKey());
      return foreign;
    },
    keep,
  };
}

function subMerchantsOf(
  find: (mchid: string) => Merchant | undefined,
  add: (mchid: string) => Merchant,
  keep: () => void,
): Pick<KeyRing, 'addSubMerchant' | 'isProvider' | 'isSubMerchant'> {
  return {
    addSubMerchant: (spMchid, number) => {
      const provider = find(spMchid) ?? add(spMchid);
      provider.subMchids = [...new Set([...(provider.subMchids ?? []), number])];
      keep();
      return provider;
    },
    isProvider: (number) => find(number)?.subMchids !== undefined,
    isSubMerchant: (spMchid, number) => find(spMchid)?.subMchids?.includes(number) ?? false,
  };
}

/** Keys as this version keeps them, made of what a data file holds. */
function adopted(world: World, mchid: string, found: OlderKept | Kept): Kept {
  const older: OlderMerchant[] = found.merchants;
  const merchants = older.map((one) => ({ ...one, apiV2Key: one.apiV2Key ?? hex(world, 16) }));
  const platform = 'platform' in found ? found.platform : makePlatform(world, mchid, found);
  return { merchants, platform };
}

function certificate(world: World): Merchant['certificates'][number] {
  return { serialNo: `3${hex(world, 20).slice(1)}`, privateKeyPem: world.rsaKey() };
}

function hex(world: World, bytes: number): string {
  return world.randomBytes(bytes).toString('hex').toUpperCase();
}
