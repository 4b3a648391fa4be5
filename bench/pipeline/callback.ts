/** The contestants of `bench pipeline`, and their race: payments of many orders, each notified for the first time and again. */
import { createDecipheriv, type KeyObject, verify } from 'node:crypto';
import { payCallback } from '../../shared/contract/notice/payCallback.ts';
import { beginOrder, withPrepay } from '../../shared/domain/order/order.ts';
import { answerMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { pipeline } from '../../shared/runtime/invocation/pipeline.ts';
import { systemClock } from '../../shared/runtime/system.ts';
import { wire } from '../../shared/runtime/wiring/wiring.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';
import {
  keys,
  keysOptions,
  paidOrder,
  signedNotification,
  termsAt,
} from '../../tests/support/wechatSide.ts';
import { runBench } from '../harness/bench.ts';
import { type Contestant, type Race, race, rowsOf } from '../harness/race.ts';
import { store } from './memoryStore.ts';

const ROUNDS = Number(process.env.BENCH_PIPELINE_ROUNDS ?? 200);
/** Orders that are notified in a turn. */
const COUNT = 100;
/** Orders that are stored beside them. */
const OTHERS = 1000;
const NOW = new Date('2026-11-24T09:07:12Z');
const PLACED_AT = new Date(NOW.getTime() - 60_000);

const numbers = Array.from(
  { length: COUNT + OTHERS },
  (_, i) => `BENCH${String(i).padStart(8, '0')}`,
);
const notices = numbers.slice(0, COUNT).map((out_trade_no, i) => {
  const transaction_id = `42000009252021012849977${String(i).padStart(5, '0')}`;
  return signedNotification({ ...paidOrder, out_trade_no, transaction_id }, NOW);
});

const config = readConfig('payCallback', {
  WXPAY_MCHID: keysOptions.mchid,
  WXPAY_APPID: paidOrder.appid,
  WXPAY_SERIAL_NO: keysOptions.serialNo,
  WXPAY_PRIVATE_KEY: keysOptions.privateKey,
  WXPAY_PUBLIC_KEY_ID: keysOptions.publicKey.id,
  WXPAY_PUBLIC_KEY: keysOptions.publicKey.pem,
  WXPAY_API_V3_KEY: keysOptions.apiV3Key,
  WXPAY_NOTIFY_URL: 'https://shop.example/pay/notify',
  TCB_ENV: 'shop-1a2b3c',
});
const clock = { ...systemClock, now: () => NOW };
const wired = wire('payCallback', config, clock);
let linesPrinted = 0;
/** The function as it is deployed, but for what leaves the process: database, log, start of deliveries. */
const main = pipeline(payCallback, receiveNotification, {
  config,
  depsOf: wired,
  clock,
  print: () => {
    linesPrinted += 1;
  },
});

/** The platform's gateway makes such an event of each, with a context beside it. */
const events = notices.map(({ headers, body }) => {
  const sent = {
    accept: '*/*',
    'content-type': 'application/json',
    host: 'shop-1a2b3c.ap-shanghai.app.tcloudbase.com',
    'user-agent': 'Mozilla/4.0',
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    'x-client-proto': 'https',
    'x-forwarded-for': '101.226.103.11',
    'x-real-ip': '101.226.103.11',
    'x-request-id': '1f2e3d4c-1111-2222-3333-444455556666',
    ...headers,
  };
  return {
    path: '/pay/notify',
    httpMethod: 'POST',
    headers: sent,
    multiValueHeaders: Object.fromEntries(Object.entries(sent).map(([name, one]) => [name, [one]])),
    queryStringParameters: {},
    requestContext: { requestId: 'r', envId: 'shop-1a2b3c', appId: 1, uin: 1 },
    body: Buffer.from(body).toString(),
    isBase64Encoded: false,
  };
});
const environment = JSON.stringify({
  TCB_ENV: 'shop-1a2b3c',
  TRIGGER_SRC: '',
  SCF_NAMESPACE: 'shop',
});
const contextOf = (i: number) => ({
  callbackWaitsForEmptyEventLoop: true,
  request_id: `1f2e3d4c-1111-2222-3333-${i}`,
  environment,
  getRemainingTimeInMillis: () => 10_000,
});

const prepayId = 'wx201410272009395522657a690389285100';
let unpaid: typeof store.raw = new Map();
/** Stores all orders as they are before they are paid. */
async function placeAll(): Promise<void> {
  for (const outTradeNo of numbers) {
    const order = beginOrder({ ...termsAt(PLACED_AT), outTradeNo }, '{"frozen":true}');
    await store.insert(withPrepay(order, { prepayId }, PLACED_AT));
  }
  // The store changes none of its documents: it puts new ones in their place.
  unpaid = new Map([...store.raw].slice(0, COUNT));
}

const wechatKey = keys.verifier(keysOptions.publicKey.id) as KeyObject;
const { verifyNotification } = wired({ ...contextOf(0), variables: {}, form: 'http' } as never);

async function answerOk(i: number): Promise<void> {
  const answer = await main(events[i], contextOf(i));
  const { statusCode } = answer as { statusCode: number };
  if (statusCode !== 200) throw new Error(JSON.stringify(answer));
}

const contestants: Record<string, Contestant> = {
  'node:crypto and JSON.parse': { run: openBare },
  gateway: {
    run: async (i) => {
      const { kind } = await verifyNotification(notices[i] as (typeof notices)[0], NOW);
      if (kind !== 'payment') throw new Error(kind);
    },
  },
  'function, first time': {
    prepare: () => {
      for (const [number, stored] of unpaid) store.raw.set(number, stored);
    },
    run: answerOk,
  },
  'function, again': { run: answerOk },
};

/** One verification, one decryption, the JSON of both; no check beside them. */
function openBare(i: number): void {
  const { headers, body } = notices[i] as (typeof notices)[0];
  const header = (name: string): string => headers[`wechatpay-${name}`] ?? '';
  const message = answerMessage(header('timestamp'), header('nonce'), body);
  const signature = Buffer.from(header('signature'), 'base64');
  if (!verify('RSA-SHA256', message, wechatKey, signature)) throw new Error('forged');
  const { resource } = JSON.parse(Buffer.from(body).toString());
  const box = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keys.apiV3Key, resource.nonce);
  decipher.setAuthTag(box.subarray(-16)).setAAD(Buffer.from(resource.associated_data));
  const text = Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]);
  if (JSON.parse(text.toString()).trade_state !== 'SUCCESS') throw new Error('not paid');
}

/** Refuses races that did not pay every order and print their lines. */
function refuseWrongEnd(): void {
  const paid = [...store.raw.values()].filter(({ state }) => state === 'paid').length;
  if (paid !== COUNT || linesPrinted === 0) throw new Error(`${paid} paid, ${linesPrinted} lines`);
}

async function start(): Promise<void> {
  await placeAll();
  await runBench('pipeline', (bench) => {
    const lanes = Object.entries(contestants).map(([name, contestant]) => {
      return { name, ...contestant, turns: bench.series<{ round: number; us: number }>(ROUNDS) };
    });
    const callbacks: Race = { task: 'callback', count: COUNT, lanes };
    return {
      measure: async () => {
        await race(bench, callbacks, { rounds: ROUNDS, isOver: bench.share(1) });
        refuseWrongEnd();
      },
      rows: () => rowsOf(callbacks),
    };
  });
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
