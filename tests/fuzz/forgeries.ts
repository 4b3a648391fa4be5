/** Callbacks of an enemy who has everything but WeChat's private key, against the whole callback. */

import { beginOrder, withPrepay } from '../../shared/domain/order/order.ts';
import { createHosts } from '../../shared/gateway/apiV3/hosts.ts';
import { createKeys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import { createPlatformKeys } from '../../shared/gateway/apiV3/platformKeys.ts';
import type { RawNotification } from '../../shared/ports/gateway.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';
import { chanceOf } from '../support/chance.ts';
import { aPrepay } from '../support/orders.ts';
import { anInvocation, memoryDeps } from '../support/useCases.ts';
import {
  keysOptions,
  merchantPair,
  paidOrder,
  platform,
  signedNotification,
  signers,
  termsAt,
} from '../support/wechatSide.ts';

const NOW = new Date('2026-11-24T09:07:12Z');
const POOL = 64;

type Forged = { raw: RawNotification; at?: Date };
type Roll = (n: number) => number;

const pool = <T>(make: (i: number) => T): T[] => Array.from({ length: POOL }, (_, i) => make(i));
const pick = <T>(list: readonly T[], roll: Roll): T => list[roll(list.length)] as T;
const kinds = [signers.publicKey, signers.certificate];
const genuine = pool((i) =>
  signedNotification(paidOrder, NOW, { id: `notice-${i}` }, kinds[i % 2]),
);
const foreign = { serial: keysOptions.publicKey.id, key: merchantPair.privateKey };
const changes: Record<string, unknown>[] = [
  { appid: 'wx0000000000000002' },
  { mchid: '1900000777' },
  { out_trade_no: 'another-order-1' },
  { amount: { ...paidOrder.amount, total: 1 } },
  { payer: { openid: 'oThief' } },
];
/** Sealed with the true APIv3 key, which an insider may know. */
const resealed = pool((i) => {
  const resource = { ...paidOrder, ...changes[i % changes.length] };
  return signedNotification(resource, NOW, { id: `notice-${i}` }, foreign);
});
const foreignSigned = pool((i) => signedNotification(paidOrder, NOW, { id: `f-${i}` }, foreign));
/** By WeChat, for somebody else: another merchant's, appid's or payer's, or of another amount. */
const forOthers = pool((i) => {
  const change = changes.filter((each) => !('out_trade_no' in each))[i % 4];
  return signedNotification({ ...paidOrder, ...change }, NOW, { id: `o-${i}` });
});

const withHeader = (raw: RawNotification, name: string, value: string): Forged => ({
  raw: { ...raw, headers: { ...raw.headers, [name]: value } },
});
const headerOf = ({ headers }: RawNotification, name: string): string => headers[name] ?? '';

function flipByte(bytes: Uint8Array, roll: Roll): Buffer {
  const changed = Buffer.from(bytes);
  const at = roll(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << roll(8));
  return changed;
}

function respell(signature: string, roll: Roll): string {
  const spare = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const last = spare.indexOf(signature.at(-3) ?? 'A');
  const other = spare[last ^ (1 + roll(15))] ?? 'A';
  const ways = [
    `${signature.slice(0, -3)}${other}==`,
    signature.slice(0, -1),
    signature.slice(0, -2),
    `${signature}=`,
    `${signature} `,
    `${signature}\n`,
    `${signature}, ${signature}`,
    `${signature.slice(0, 9)} ${signature.slice(9)}`,
    signature.replace(/[+/]/g, (char) => (char === '+' ? '-' : '_')).replace(/=/g, ''),
  ];
  return pick(ways, roll);
}

/** Every way to change what is signed; each answers something that WeChat did not send to us now. */
const forgers: Record<string, (raw: RawNotification, roll: Roll) => Forged> = {
  'a bit of the body': (raw, roll) => ({ raw: { ...raw, body: flipByte(raw.body, roll) } }),
  'a byte more or less': (raw, roll) => {
    const at = roll(raw.body.length);
    const more = roll(2) === 0 ? [roll(256)] : [];
    const rest = raw.body.subarray(more.length === 0 ? at + 1 : at);
    return {
      raw: { ...raw, body: Buffer.concat([raw.body.subarray(0, at), Buffer.from(more), rest]) },
    };
  },
  'the nonce': (raw, roll) => {
    const nonce = Buffer.from(headerOf(raw, 'wechatpay-nonce'));
    return withHeader(raw, 'wechatpay-nonce', flipByte(nonce, roll).toString('latin1'));
  },
  'the time': (raw, roll) => {
    const seconds = Number(headerOf(raw, 'wechatpay-timestamp'));
    return withHeader(
      raw,
      'wechatpay-timestamp',
      String(seconds + (1 + roll(299)) * (1 - 2 * roll(2))),
    );
  },
  'a replay after the window': (raw, roll) => ({
    raw,
    at: new Date(NOW.getTime() + (301 + roll(1_000_000)) * 1000),
  }),
  'the serial': (raw, roll) => {
    const now = headerOf(raw, 'wechatpay-serial');
    const other = now === keysOptions.publicKey.id ? platform.serial : keysOptions.publicKey.id;
    const random = String(roll(1_000_000_000)).padStart(10, 'A');
    const serials = [
      other,
      keysOptions.serialNo,
      now.toLowerCase(),
      `${now}0`,
      now.slice(1),
      random,
    ];
    return withHeader(raw, 'wechatpay-serial', pick(serials, roll));
  },
  'a bit of the signature': (raw, roll) => {
    const bytes = Buffer.from(headerOf(raw, 'wechatpay-signature'), 'base64');
    return withHeader(raw, 'wechatpay-signature', flipByte(bytes, roll).toString('base64'));
  },
  'the spelling of the signature': (raw, roll) =>
    withHeader(raw, 'wechatpay-signature', respell(headerOf(raw, 'wechatpay-signature'), roll)),
  'the signature of another notification': (raw, roll) => {
    const others = genuine.filter(({ body }) => body !== raw.body);
    return withHeader(
      raw,
      'wechatpay-signature',
      headerOf(pick(others, roll), 'wechatpay-signature'),
    );
  },
  'the key that signs': (_, roll) => ({ raw: pick(foreignSigned, roll) }),
  'appid, mchid, number, amount or payer, under the old signature': (raw, roll) => ({
    raw: { headers: raw.headers, body: pick(resealed, roll).body },
  }),
  'appid, mchid, number, amount or payer, signed with another key': (_, roll) => ({
    raw: pick(resealed, roll),
  }),
  'a probe': (raw) =>
    withHeader(
      raw,
      'wechatpay-signature',
      `WECHATPAY/SIGNTEST/${headerOf(raw, 'wechatpay-signature')}`,
    ),
};

const order = withPrepay(beginOrder(termsAt(new Date(NOW.getTime() - 60_000)), '{}'), aPrepay, NOW);

/** A merchant in the middle of a switch: both keys of WeChat count. Nothing else can be learned. */
async function openCallback() {
  const store = createMemoryStore();
  await store.insert(order);
  const keys = createKeys({ ...keysOptions, certificates: [platform] });
  const looks = { count: 0 };
  let now = NOW;
  const platformKeys = createPlatformKeys({
    keys,
    transport: async () => {
      looks.count += 1;
      throw Object.assign(new Error('unreachable'), { code: 'ECONNREFUSED' });
    },
    now: () => NOW,
    randomBytes: (count) => new Uint8Array(count),
    hosts: createHosts('http://127.0.0.1:1'),
  });
  const verifyNotification = createNotificationVerifier(keys, platformKeys);
  const { deps } = memoryDeps();
  const clock = { now: () => now, monotonicMs: () => 0, wait: async () => {} };
  return {
    looks,
    receive: async ({ raw, at = NOW }: Forged) => {
      now = at;
      const input = { from: 'http', headers: { ...raw.headers }, body: raw.body } as const;
      return (
        await receiveNotification(
          input,
          { ...deps, verifyNotification, store, clock },
          anInvocation(),
        )
      ).status;
    },
    stateOf: async () => {
      const found = await store.get(order.outTradeNo);
      return found && 'status' in found ? found.status.state : undefined;
    },
    documents: () => store.raw.size,
  };
}

/** Counts how the forgeries were answered. */
export interface Campaign {
  sent: Record<string, number>;
  accepted: string[];
  /** How many of the unchanged ones were acknowledged, of how many. */
  unchanged: [acknowledged: number, sent: number];
  /** How often a key was asked for over the network; the clock of the keys stands still. */
  looks: number;
  seconds: number;
}

/** Sends `count` forgeries; then the notifications they were made of, which must all be taken. */
export async function forge(count: number, seed: number): Promise<Campaign> {
  const begun = performance.now();
  const roll = chanceOf(seed);
  const callback = await openCallback();
  const names = Object.keys(forgers);
  const sent: Record<string, number> = {};
  const accepted: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length] as string;
    const status = await callback.receive(forgers[name]?.(pick(genuine, roll), roll) as Forged);
    sent[name] = (sent[name] ?? 0) + 1;
    if (status === 200) accepted.push(name);
  }
  for (const raw of forOthers) {
    const fresh = await openCallback();
    await fresh.receive({ raw });
    if ((await fresh.stateOf()) !== 'paying') accepted.push('of WeChat, for others');
  }
  sent['of WeChat, for others'] = forOthers.length;
  if ((await callback.stateOf()) !== 'paying') accepted.push('the order was changed');
  if (callback.documents() !== 1) accepted.push('something was written');
  let acknowledged = 0;
  for (const raw of genuine) if ((await callback.receive({ raw })) === 200) acknowledged += 1;
  if ((await callback.stateOf()) !== 'paid') acknowledged = 0;
  const seconds = (performance.now() - begun) / 1000;
  return { sent, accepted, unchanged: [acknowledged, POOL], looks: callback.looks.count, seconds };
}
