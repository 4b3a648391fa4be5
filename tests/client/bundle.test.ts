/** The package as it is packed: its size, and what it needs of the engine that it runs on. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PayClient } from '../../client/index.ts';
import { type BuiltClient, buildClient } from '../../infra/build/client.ts';
import { Phone, say } from './phone.ts';

const GZIPPED_BYTES_MAX = 3000;
const run = promisify(execFile);
let dist: string;
let built: BuiltClient;
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'client-'));
  built = await buildClient(process.cwd(), dist);
});
afterAll(() => rm(dist, { recursive: true, force: true }));

/** Whatever came to the language after ES2018, and nothing of a browser or of Node. */
const LATER = `
  for (const name of ['flat', 'flatMap', 'at', 'findLast', 'toSorted', 'with']) delete Array.prototype[name];
  for (const name of ['replaceAll', 'matchAll', 'trimStart', 'trimEnd', 'at']) delete String.prototype[name];
  for (const name of ['allSettled', 'any', 'withResolvers', 'try']) delete Promise[name];
  for (const name of ['fromEntries', 'hasOwn', 'groupBy']) delete Object[name];
  delete Symbol.prototype.description;
  for (const name of ['BigInt', 'WeakRef', 'FinalizationRegistry', 'AggregateError', 'globalThis', 'WebAssembly',
    'Iterator', 'Atomics', 'SharedArrayBuffer']) delete this[name];
`;

/** Loads the CommonJS file as WeChat's engine does, with the host as its `wx`. */
async function load(phone: Phone): Promise<PayClient> {
  const { callFunction, requestPayment, storage, setTimeout } = phone.host();
  const wx = { cloud: { callFunction }, requestPayment, ...storage };
  const exports: { createPayClient?: () => PayClient } = {};
  const context = vm.createContext({ wx, setTimeout, exports });
  vm.runInContext(LATER, context);
  vm.runInContext(
    await readFile(join(built.folder, 'miniprogram_dist', 'index.js'), 'utf8'),
    context,
  );
  if (!exports.createPayClient) throw new Error('it exports nothing');
  return exports.createPayClient();
}

test(`it has at most ${GZIPPED_BYTES_MAX} bytes, gzipped`, () => {
  expect(built.gzippedBytes).toBeLessThanOrEqual(GZIPPED_BYTES_MAX);
});

test('on an engine of ES2018 with `wx` alone it pays, cancels and resumes', async () => {
  const phone = new Phone();
  const order = { request: { productId: 'latte' } };
  phone.cashier = (_no, to) =>
    say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
  expect(await phone.time.until((await load(phone)).pay(order))).toMatchObject({
    status: 'cancelled',
    text: '已取消支付',
  });
  phone.cashier = (outTradeNo) => void phone.server.orders.set(outTradeNo, 'paid');
  void (await load(phone)).pay(order);
  await new Promise(setImmediate);
  const client = await load(phone);
  const statuses: string[] = [];
  await phone.time.until(client.resume(({ status }) => void statuses.push(status)));
  expect(statuses).toEqual(['paid']);
  expect(phone.server.orders.size).toBe(1);
  expect(await phone.time.until(client.queryOrder({ outTradeNo: 'DRAWN00000' }))).toMatchObject({
    errCode: 0,
    state: 'paid',
  });
});

test('its syntax is that of ES2018', async () => {
  for (const file of ['index', 'local'].flatMap((name) => [
    `miniprogram_dist/${name}.js`,
    `${name}.mjs`,
  ])) {
    const code = await readFile(join(built.folder, file), 'utf8');
    expect(code).not.toMatch(/\?\.[a-z[(]|\?\?|catch\{|\*\*=|\|\|=|&&=|#[a-z]|\bimport\b/);
  }
});

test('npm packs it: Node requires and imports it, 构建 npm finds its folder, and TypeScript its types', async () => {
  const packed = await run('npm', ['pack', '--json', '--pack-destination', dist], {
    cwd: built.folder,
  });
  const [{ filename, files }] = JSON.parse(packed.stdout) as [
    { filename: string; files: { path: string }[] },
  ];
  expect(files.map(({ path }) => path).sort()).toEqual([
    'README.md',
    'index.d.ts',
    'index.mjs',
    'local.d.ts',
    'local.mjs',
    'miniprogram_dist/index.js',
    'miniprogram_dist/local.js',
    'package.json',
  ]);
  // What npm would install.
  const root = join(dist, 'shop');
  const installed = join(root, 'node_modules', 'scf-wechatpay-client');
  await cp(built.folder, installed, { recursive: true });
  expect(filename).toBe('scf-wechatpay-client-0.1.0.tgz');
  await writeFile(
    join(root, 'required.cjs'),
    "console.log(typeof require('scf-wechatpay-client').createPayClient(require('scf-wechatpay-client/local').localHost()).pay)",
  );
  await writeFile(
    join(root, 'imported.mjs'),
    "import { createPayClient } from 'scf-wechatpay-client'; import { localHost } from 'scf-wechatpay-client/local'; console.log(typeof createPayClient(localHost()).pay)",
  );
  for (const file of ['required.cjs', 'imported.mjs']) {
    expect((await run(process.execPath, [join(root, file)])).stdout).toBe('function\n');
  }
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(manifest.dependencies).toBeUndefined();
  const copied = join(root, 'miniprogram_npm', 'scf-wechatpay-client');
  await cp(join(installed, String(manifest.miniprogram)), copied, { recursive: true });
  expect(await readFile(join(copied, 'index.js'), 'utf8')).toContain('exports.createPayClient');
  const shop = `import { createPayClient, type Outcome } from 'scf-wechatpay-client';
import { localHost } from 'scf-wechatpay-client/local';
export const local = createPayClient(localHost({ openid: 'oMe' }));
declare const uni: { requestPayment(options: { provider: 'wxpay'; timeStamp: string }): Promise<unknown> };
const client = createPayClient({ requestPayment: (options) => uni.requestPayment({ provider: 'wxpay', ...options }) });
export async function buy(): Promise<Outcome['status']> {
  const answer = await client.queryOrder({ outTradeNo: 'T1' });
  if (answer.errCode === 0) { const state: 'created' | 'paying' | 'paid' | 'closed' = answer.state; void state; }
  return (await client.pay({ request: { productId: 'latte' } })).status;
}
// @ts-expect-error: there is no such method
client.payAll;
`;
  await writeFile(join(root, 'shop.ts'), shop);
  const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--types',
    '',
    '--lib',
    'es2018',
  ];
  await run(process.execPath, [tsc, ...options, join(root, 'shop.ts')], { cwd: root });
});
