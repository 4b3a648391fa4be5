/** docs/openapi.json: a public parser takes it, each of its examples runs, and a client made of it places an order. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { generateSource } from 'oazapfts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import type { LocalCloud } from '../../emulator/main.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { script } from '../support/script.ts';

const PATH = 'docs/openapi.json';

interface Shown {
  value: { signed?: { data: string } } & Record<string, unknown>;
}
interface Content {
  'application/json': { schema: object; examples: Record<string, Shown> };
}
interface Operation {
  requestBody: { content: Content };
  responses: Record<string, { content: Content }>;
}
interface Document {
  paths: Record<string, { post: Operation }>;
  components: { responses: { GatewayError: { content: Content } }; schemas: object };
}
const document = JSON.parse(readFileSync(PATH, 'utf8')) as Document;

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({ LOCAL_MAGIC_AMOUNTS: '1' });
});
afterAll(() => cloud.close());

test('a public parser takes it', async () => {
  const read = await SwaggerParser.validate(PATH);
  expect(Object.keys(read.paths ?? {})).toEqual(Object.keys(document.paths));
});

const control = async (path: string, body: object) => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${cloud.url}/_local/${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
};

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const usual = { authorization: `Bearer ${cloud.apiKey}`, 'content-type': 'application/json' };
  const init = { method: 'POST', body, headers: { ...usual, ...headers } };
  const answer = await fetch(cloud.url + path, init);
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

/** Calls a function as the merchant's server does. */
async function call(name: string, input: object): Promise<Record<string, unknown>> {
  const {
    WXPAY_SERVICE_KEY: key = '',
    TCB_ENV: envId = '',
    WXPAY_APPID: appid = '',
  } = cloud.environment();
  const now = cloud.world.clock.nowMs();
  const event = signServiceCall({ name, envId, appid }, input, key, now);
  const { status, json } = await post(`/v1/functions/${name}`, JSON.stringify(event));
  expect(status).toBe(200);
  return json;
}

const placed = new Map<string, string>();
const place = async (input: Record<string, unknown>) => {
  const { prepayId } = await call('unifiedOrder', input);
  placed.set(String(input.outTradeNo), String(prepayId));
};
const pay = async (outTradeNo: string) => {
  await control(`cashier/${placed.get(outTradeNo)}`, { action: 'pay' });
  await control('clock', { advance: 'PT1S', timers: 'none' });
};

const payer = { body: '咖啡', openid: 'oExamplePayer0001' };
const orderNo = (n: number) => `EXAMPLE2026113000${n}`;

/** The examples in the order in which they follow from one another, with what happens between them. */
const story: (string | (() => Promise<void>))[] = [
  'unifiedOrder/placed',
  'unifiedOrder/refused',
  'queryOrder/open',
  async () => place({ outTradeNo: orderNo(1), totalFee: 1990, ...payer }),
  async () => pay(orderNo(1)),
  'queryOrder/paid',
  'queryOrder/none',
  async () => place({ outTradeNo: orderNo(2), totalFee: 990, ...payer }),
  'closeOrder/closed',
  'closeOrder/paid',
  'refund/part',
  'refund/tooMuch',
  async () => control('clock', { advance: 'PT1M', timers: 'none' }),
  'queryRefund/one',
  async () => place({ outTradeNo: orderNo(3), totalFee: 134, ...payer }),
  async () => pay(orderNo(3)),
  'listAttention/page',
  'decideOrder/acceptPayment',
  'deliverEvents/order',
  async () => control('clock', { advance: 'P1DT3H', timers: 'none' }),
  'downloadBill/day',
];

/** Fields that are drawn anew, or that the hour decides: of these the example shows the form. */
const DRAWN = new Set(
  'requestId nonceStr timeStamp paySign package packageVal prepayId timeExpire timeEnd transactionId refundId successTime since ageSeconds about data counts'.split(
    ' ',
  ),
);

function formOf(value: unknown, name = ''): unknown {
  if (DRAWN.has(name)) return typeof value;
  if (Array.isArray(value)) return value.map((each) => formOf(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, formOf(each, key)]));
}

const DAY_MS = 24 * 3_600_000;
const BEIJING_MS = 8 * 3_600_000;
const dayInBeijing = (ms: number) =>
  new Date(ms + BEIJING_MS).toISOString().slice(0, 10).replaceAll('-', '');

/** Puts in what an example cannot know: WeChat's number of the payment, the day on which the test runs. */
function known(data: string): object {
  const input = JSON.parse(data) as Record<string, unknown>;
  const { transaction_id: transactionId } = (cloud.wechat.truth(String(input.outTradeNo)) ??
    {}) as {
    transaction_id?: string;
  };
  return {
    ...input,
    ...('transactionId' in input ? { transactionId } : {}),
    ...('billDate' in input ? { billDate: dayInBeijing(cloud.world.clock.nowMs() - DAY_MS) } : {}),
  };
}

/** Reads a schema of the document, its references with it. */
const schemaOf = (schema: object) =>
  fromJSONSchema({
    ...schema,
    $defs: document.components.schemas,
    ...JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')),
  });

test('every example runs, and the local cloud answers as it says', async () => {
  const morning = Math.ceil((cloud.world.clock.nowMs() + BEIJING_MS) / DAY_MS) * DAY_MS + 3_600_000;
  await control('clock', { to: new Date(morning).toISOString(), timers: 'none' });
  const named = Object.entries(document.paths).flatMap(([path, { post: operation }]) =>
    Object.keys(operation.requestBody.content['application/json'].examples).map(
      (example) => `${path.slice('/v1/functions/'.length)}/${example}`,
    ),
  );
  const ran: string[] = [];
  for (const step of story) {
    if (typeof step !== 'string') {
      await step();
      continue;
    }
    const [name = '', example = ''] = step.split('/');
    const { requestBody, responses } = document.paths[`/v1/functions/${name}`]?.post ?? fail(name);
    const asked = requestBody.content['application/json'];
    const answered = responses['200']?.content['application/json'] ?? fail(name);
    const { value } = asked.examples[example] ?? fail(step);
    expect(schemaOf(asked.schema).safeParse(value).error).toBeUndefined();
    const { data = '' } = value.signed ?? {};
    const answer = await call(name, known(data));
    expect([step, schemaOf(answered.schema).safeParse(answer).error]).toEqual([step, undefined]);
    expect([step, formOf(answer)]).toEqual([step, formOf(answered.examples[example]?.value)]);
    ran.push(step);
  }
  expect(ran.sort()).toEqual(named.sort());
});

test.each(
  Object.entries(document.components.responses.GatewayError.content['application/json'].examples),
)('so does the example of a failure before any function: %s', async (_, { value }) => {
  const asked: Record<string, [string, string, Record<string, string>]> = {
    MISSING_CREDENTIALS: ['queryOrder', '{}', { authorization: '' }],
    FUNCTION_NOT_FOUND: ['nothing', '{}', {}],
    FUNCTION_PARAM_INVALID: ['queryOrder', '[]', {}],
  };
  const [name, body, headers] = asked[String(value.code)] ?? fail(String(value.code));
  const { status, json } = await post(`/v1/functions/${name}`, body, headers);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(json).toEqual({ ...value, message: expect.any(String), requestId: expect.any(String) });
});

const PROGRAM = `
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { defaults, unifiedOrder } from './client.ts';

const { LOCAL_URL = '', LOCAL_API_KEY, TCB_ENV = '', WXPAY_APPID = '', WXPAY_SERVICE_KEY = '' } = process.env;
defaults.baseUrl = LOCAL_URL;
defaults.headers = { authorization: \`Bearer \${LOCAL_API_KEY}\` };
const place = { name: 'unifiedOrder', envId: TCB_ENV, appid: WXPAY_APPID };
const order = { outTradeNo: 'GENERATED001', body: '咖啡', totalFee: 1990, openid: 'oPayer0001' };
const now = Number(process.argv[2]);
const answer = await unifiedOrder(signServiceCall(place, order, WXPAY_SERVICE_KEY, now));
if (answer.status !== 200) throw new Error(JSON.stringify(answer.data));
if (answer.data.errCode !== 0) throw new Error(answer.data.errCodeDes);
process.stdout.write(answer.data.payment.package);
`;

test('a client that a public generator makes of it compiles, and places an order', async () => {
  await mkdir('.local', { recursive: true });
  const folder = await mkdtemp(join('.local', 'client-'));
  try {
    await writeFile(join(folder, 'client.ts'), await generateSource(PATH));
    const program = join(folder, 'program.ts');
    await writeFile(program, PROGRAM);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions'];
    const compiler = 'node_modules/typescript/bin/tsc';
    const target = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    const compiled = await script(
      cloud,
      compiler,
      '--ignoreConfig',
      ...options,
      ...target,
      program,
    );
    expect(compiled).toMatchObject({ code: 0, out: '' });
    const now = String(cloud.world.clock.nowMs());
    const ran = await script(cloud, '--import', 'tsx', program, now);
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^prepay_id=/) });
    expect(cloud.wechat.truth('GENERATED001')).toMatchObject({ amount: { total: 1990 } });
  } finally {
    await rm(folder, { recursive: true });
  }
});

function fail(what: string): never {
  throw new Error(`no ${what}`);
}
