/** The contestants of `bench crypto`, and their race. */
import { createDecipheriv, type KeyObject, sign, verify } from 'node:crypto';
import { answerMessage, requestMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { createHosts } from '../../shared/gateway/apiV3/hosts.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import { sendSigned } from '../../shared/gateway/apiV3/request.ts';
import {
  keys,
  keysOptions,
  merchantPair,
  paidOrder,
  pemOf,
  signedNotification,
} from '../../tests/support/wechatSide.ts';
import { runBench } from '../harness/bench.ts';
import { type Lane, type Race, race, rowsOf } from '../harness/race.ts';

const ROUNDS = Number(process.env.BENCH_CRYPTO_ROUNDS ?? 200);
const NOW = new Date('2026-11-24T09:07:12Z');
const URL_OF_ORDERS = new URL('https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi');

type Task = 'sign' | 'callback';

/** Does the task once; rejects when the outcome is not as it must be. */
type Contestant = () => unknown;

const body = JSON.stringify({
  appid: paidOrder.appid,
  mchid: keysOptions.mchid,
  description: 'Image形象店-深圳腾大-QQ公仔',
  out_trade_no: paidOrder.out_trade_no,
  time_expire: '2026-11-24T17:37:12+08:00',
  notify_url: 'https://shop.example/pay/notify',
  amount: { total: 100, currency: 'CNY' },
  payer: { openid: paidOrder.payer.openid },
});
const requestText = requestMessage({
  method: 'POST',
  path: URL_OF_ORDERS.pathname,
  timestamp: '1795511232',
  nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
  body,
});
// Read from PEM like any merchant's: such a key is a little slower than one that was just generated.
const wechatKey = keys.verifier(keysOptions.publicKey.id) as KeyObject;
const raw = signedNotification(paidOrder, NOW);
const header = (name: string): string => raw.headers[`wechatpay-${name}`] ?? '';

/** One signature; one verification, one decryption, the JSON of both. No check beside them. */
const floor: Record<Task, Contestant> = {
  sign: () => sign('RSA-SHA256', Buffer.from(requestText), keys.privateKey).toString('base64'),
  callback: () => {
    const message = answerMessage(header('timestamp'), header('nonce'), raw.body);
    const signature = Buffer.from(header('signature'), 'base64');
    if (!verify('RSA-SHA256', message, wechatKey, signature)) throw new Error('forged');
    const { resource } = JSON.parse(Buffer.from(raw.body).toString());
    const box = Buffer.from(resource.ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', keys.apiV3Key, resource.nonce);
    decipher.setAuthTag(box.subarray(-16)).setAAD(Buffer.from(resource.associated_data));
    const text = Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]);
    expectPaid(JSON.parse(text.toString()));
  },
};

const context = {
  keys,
  transport: async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }),
  now: () => NOW,
  randomBytes: (count: number) => new Uint8Array(count).fill(7),
  hosts: createHosts(URL_OF_ORDERS.origin),
};
const verifyNotification = createNotificationVerifier(keys);

const ours: Record<Task, Contestant> = {
  sign: () => sendSigned(context, { url: URL_OF_ORDERS, body, timeoutMs: 1, bytesMax: 1 }),
  callback: async () => {
    const notification = await verifyNotification(raw, NOW);
    if (notification.kind !== 'payment' || notification.evidence.kind !== 'paid') {
      throw new Error(notification.kind);
    }
  },
};

function expectPaid(read: unknown): void {
  if ((read as { trade_state?: unknown }).trade_state !== 'SUCCESS') throw new Error('not paid');
}

interface AxiosPlugin {
  Rsa: {
    sign(message: string, key: unknown): string;
    verify(message: string, signature: string, key: unknown): boolean;
  };
  Aes: { AesGcm: { decrypt(text: string, key: string, iv: string, aad: string): string } };
  Formatter: {
    nonce(): string;
    timestamp(): number;
    request(method: string, path: string, at: number, nonce: string, body: string): string;
    response(at: string, nonce: string, body: string): string;
    authorization(mchid: string, nonce: string, sign: string, at: number, no: string): string;
  };
}

/** As its own README has it, the keys parsed before. */
function axiosPlugin({ Rsa, Aes, Formatter }: AxiosPlugin): Record<Task, Contestant> {
  return {
    sign: () => {
      const at = Formatter.timestamp();
      const nonce = Formatter.nonce();
      const message = Formatter.request('POST', URL_OF_ORDERS.pathname, at, nonce, body);
      const signature = Rsa.sign(message, keys.privateKey);
      return Formatter.authorization(keysOptions.mchid, nonce, signature, at, keysOptions.serialNo);
    },
    callback: () => {
      const text = Buffer.from(raw.body).toString();
      const message = Formatter.response(header('timestamp'), header('nonce'), text);
      if (!Rsa.verify(message, header('signature'), wechatKey)) throw new Error('forged');
      const { ciphertext, nonce, associated_data } = JSON.parse(text).resource;
      const opened = Aes.AesGcm.decrypt(ciphertext, keysOptions.apiV3Key, nonce, associated_data);
      expectPaid(JSON.parse(opened));
    },
  };
}

interface Pay {
  buildAuthorization(method: string, url: string, body: string): string;
  verifySign(signed: Record<string, string>): Promise<boolean>;
  decipher_gcm(text: string, aad: string, nonce: string, key: string): unknown;
}
type PayClass = (new (options: object) => Pay) & { certificates: Record<string, string> };

/** It takes PEM, and does not check the tag of what it decrypts. */
function nodeV3(Pay: PayClass): Record<Task, Contestant> {
  const pay = new Pay({
    appid: paidOrder.appid,
    mchid: keysOptions.mchid,
    serial_no: keysOptions.serialNo,
    publicKey: Buffer.from(pemOf.public(merchantPair.publicKey)),
    privateKey: Buffer.from(keysOptions.privateKey),
    key: keysOptions.apiV3Key,
  });
  Pay.certificates[keysOptions.publicKey.id] = keysOptions.publicKey.pem;
  return {
    sign: () => pay.buildAuthorization('POST', URL_OF_ORDERS.href, body),
    callback: async () => {
      const text = Buffer.from(raw.body).toString();
      const timestamp = header('timestamp');
      const nonce = header('nonce');
      const serial = header('serial');
      const signature = header('signature');
      const signed = { timestamp, nonce, serial, signature, body: text };
      if (!(await pay.verifySign(signed))) throw new Error('forged');
      const { resource } = JSON.parse(text);
      const { ciphertext, associated_data } = resource;
      expectPaid(
        pay.decipher_gcm(ciphertext, associated_data, resource.nonce, keysOptions.apiV3Key),
      );
    },
  };
}

/** Public SDKs, where they are installed. */
async function peers(): Promise<Record<string, Record<Task, Contestant>>> {
  const found: Record<string, Record<Task, Contestant>> = {};
  const load = async (name: string): Promise<{ default: unknown } | undefined> => {
    try {
      return await import(name);
    } catch (error) {
      console.error(`${name} is left out: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  };
  const axios = await load('wechatpay-axios-plugin');
  if (axios) found['wechatpay-axios-plugin'] = axiosPlugin(axios.default as AxiosPlugin);
  const v3 = (await load('wechatpay-node-v3'))?.default as PayClass | { default: PayClass };
  if (v3) found['wechatpay-node-v3'] = nodeV3('default' in v3 ? v3.default : v3);
  return found;
}

async function main(): Promise<void> {
  const all = Object.entries({ 'node:crypto': floor, ours, ...(await peers()) });
  await runBench('crypto', (bench) => {
    const lanes = (task: Task) =>
      all.map(([name, tasks]): Lane => ({ name, run: tasks[task], turns: bench.series(ROUNDS) }));
    const signing: Race = { task: 'sign', count: 10, lanes: lanes('sign') };
    const reading: Race = { task: 'callback', count: 100, lanes: lanes('callback') };
    return {
      measure: async () => {
        await race(bench, signing, { rounds: ROUNDS, isOver: bench.share(0.5) });
        await race(bench, reading, { rounds: ROUNDS, isOver: bench.share(1) });
      },
      rows: () => [signing, reading].flatMap(rowsOf),
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
