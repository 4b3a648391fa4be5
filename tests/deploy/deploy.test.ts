import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCloud } from '../../infra/serverless-tencent/cloud/cloud.ts';
import { CloudError } from '../../infra/serverless-tencent/cloud/cloudError.ts';
import { deployAll, deployOne, planAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { waitUntilUnchanging } from '../../infra/serverless-tencent/resources/functionState.ts';
import { sign, verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { primesOf } from '../../shared/gateway/apiV3/keys/primes.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { wireKeys } from '../../shared/runtime/wiring/keys.ts';
import { type BareCloud, ENV_ID, openBareCloud } from '../support/bareCloud.ts';
import {
  deploymentOf,
  deployTo,
  functionsWith,
  readSnapshot,
  writesOf,
} from '../support/deploy/deployCase.ts';
import { keysOptions, merchantPair, next, nextPair, pemOf } from '../support/wechatSide.ts';

const DOMAIN = `${ENV_ID}.ap-shanghai.app.tcloudbase.com`;

let bare: BareCloud;
beforeEach(async () => {
  bare = await openBareCloud();
});
afterEach(() => bare.close());

const timer = (name: string, cron: string) => ({ timer: { name, cron, enabled: true } });
const timerOff = (name: string, cron: string) => ({ timer: { name, cron, enabled: false } });
const stale = (...events: object[]) =>
  functionsWith({
    closeStaleOrders: { handler: 'functions/closeStaleOrders/index.main', timeout: 55, events },
  });
const callback = (...events: object[]) =>
  functionsWith({
    payCallback: { handler: 'functions/payCallback/index.main', timeout: 10, events },
  });
const oneFunction = (name: string) => [
  `UpdateFunctionCode ${name}`,
  `UpdateFunctionConfiguration ${name}`,
  `PublishVersion ${name}`,
  `UpdateAlias ${name}`,
];

test('the first deploy makes everything, and what callers get is a published version', async () => {
  await deployTo(bare);
  const { functions, routes, rules, storage, collections, acl } = await readSnapshot(bare);
  expect(functions.map(({ name, serving, versions }) => [name, serving, versions])).toEqual([
    ['closeStaleOrders', '1', ['1']],
    ['payCallback', '1', ['1']],
    ['queryOrder', '1', ['1']],
    ['unifiedOrder', '1', ['1']],
  ]);
  for (const { latest, served } of functions) {
    expect(served).toEqual(latest);
    expect(served).toMatchObject({ Runtime: 'Nodejs20.19', Role: 'TCB_QcsRole', Status: 'Active' });
    expect(served.ClsTopicId).not.toBe('');
    expect(served.Description).toMatch(/^wx\.pay, code [0-9a-f]{64}$/);
  }
  expect(functions[0]?.triggers).toEqual([
    {
      TriggerName: 'every-minute',
      TriggerDesc: '{"cron":"0 * * * * * *"}',
      Enable: 1,
      Qualifier: '$DEFAULT',
    },
  ]);
  expect(routes).toMatchObject([
    {
      Path: '/pay/notify',
      UpstreamResourceType: 'SCF',
      UpstreamResourceName: 'payCallback',
      EnableAuth: false,
      Enable: true,
      QPSPolicy: { QPSTotal: 100 },
    },
  ]);
  expect(rules).toEqual({
    '*': { invoke: 'auth != null' },
    unifiedOrder: { invoke: 'auth != null' },
    queryOrder: { invoke: 'auth != null' },
    payCallback: { invoke: false },
    closeStaleOrders: { invoke: false },
  });
  const ours = { orders: 'ADMINONLY', payers: 'ADMINONLY', channels: 'ADMINONLY' };
  expect([storage, acl]).toEqual(['PRIVATE', ours]);
  const orders = collections.find(({ name }) => name === 'orders');
  expect(orders?.indexes).toContainEqual({
    name: 'refund_numbers',
    keys: { outRefundNos: 1 },
    unique: true,
    sparse: true,
  });
});

test('a second deploy writes nothing', async () => {
  await deployTo(bare);
  expect(await deployTo(bare)).toEqual({ steps: [], writes: [] });
});

test.each([
  [
    'the code of one function, marked as unfinished before',
    { code: { queryOrder: 'second' } },
    ['UpdateFunctionConfiguration queryOrder', ...oneFunction('queryOrder')],
  ],
  [
    'a key of the environment: every function that reads it, and no other',
    { environment: { WXPAY_ORDER_TTL: 'PT10M' } },
    oneFunction('unifiedOrder').slice(1),
  ],
  [
    'a time-out',
    {
      functions: functionsWith({
        queryOrder: { handler: 'functions/queryOrder/index.main', timeout: 30 },
      }),
    },
    oneFunction('queryOrder').slice(1),
  ],
  [
    'the cron of a timer',
    { functions: stale(timer('every-minute', '30 * * * * * *')) },
    ['UpdateTrigger closeStaleOrders'],
  ],
  [
    'a timer that is switched off',
    { functions: stale(timerOff('every-minute', '0 * * * * * *')) },
    ['UpdateTrigger closeStaleOrders'],
  ],
  [
    'another timer; the old one stays without --prune',
    { functions: stale(timer('hourly', '0 0 * * * * *')) },
    ['CreateTrigger closeStaleOrders'],
  ],
  [
    'the rate limit of a route',
    { functions: callback({ http: { path: '/pay/notify', qps: 50 } }) },
    [`ModifyHTTPServiceRoute ${DOMAIN}`],
  ],
  [
    'another route; the old one stays without --prune',
    { functions: callback({ http: { path: '/wx/notify' } }) },
    [`CreateHTTPServiceRoute ${DOMAIN}`],
  ],
  [
    'a collection with an index',
    {
      collections: {
        goods: { acl: 'READONLY', indexes: [{ name: 'sku', keys: { sku: 1 }, unique: true }] },
      },
    },
    ['CreateTable goods', 'ModifyDatabaseACL goods', 'UpdateTable goods'],
  ],
  [
    'a function that left; it stays without --prune, and its rule too',
    { functions: functionsWith({ queryOrder: undefined }) },
    [],
  ],
])('changed: %s', async (_what, change, writes) => {
  await deployTo(bare);
  expect((await deployTo(bare, change)).writes).toEqual(writes);
  expect((await deployTo(bare, change)).writes).toEqual([]);
});

test('an index is added over the orders that are there, and an altered one is made anew', async () => {
  const goods = (...indexes: object[]) => ({
    collections: { goods: { acl: 'PRIVATE', indexes } },
  });
  await deployTo(bare, goods({ name: 'a', keys: { a: 1 } }));
  const { writes } = await deployTo(
    bare,
    goods({ name: 'a', keys: { a: -1 } }, { name: 'b', keys: { a: 1, b: -1 }, unique: true }),
  );
  expect(writes).toEqual(['UpdateTable goods', 'UpdateTable goods']);
  const { collections } = await readSnapshot(bare);
  expect(collections.find(({ name }) => name === 'goods')?.indexes).toMatchObject([
    { name: 'a', keys: { a: -1 } },
    { name: 'b', keys: { a: 1, b: -1 }, unique: true },
  ]);
});

test('a deploy counts what stands of all that it changes, up to all of it', async () => {
  const counts: { done: number; total: number }[] = [];
  await deployAll(deploymentOf(bare.cloud), {
    onStart: () => {},
    onDone: () => {},
    onProgress: (progress) => counts.push(progress),
  });
  const total = counts[0]?.total ?? 0;
  expect(total).toBeGreaterThan(8);
  expect(counts).toEqual(Array.from({ length: total + 1 }, (_, done) => ({ done, total })));
});

test('--prune removes what left serverless.yml: function, timer, route, index, rule, unread key', async () => {
  const goods = { acl: 'PRIVATE', indexes: [{ name: 'sku', keys: { sku: 1 } }] };
  await deployTo(bare, {
    functions: {
      ...stale(timer('every-minute', '0 * * * * * *'), timer('hourly', '0 0 * * * * *')),
    },
    collections: { goods },
  });
  const after = {
    functions: {
      ...functionsWith({ queryOrder: undefined }),
      ...callback({ http: { path: '/wx/notify' } }),
      queryOrder: undefined as never,
    },
    collections: { goods: { acl: 'PRIVATE' } },
  };
  const { queryOrder: _gone, ...functions } = after.functions;
  const { unmanaged } = await planAll(deploymentOf(bare.cloud, { ...after, functions }));
  expect(unmanaged.sort()).toEqual([
    'function queryOrder',
    'index goods/sku',
    'route /pay/notify',
    'timer closeStaleOrders/hourly',
  ]);
  await deployTo(bare, { ...after, functions, options: { prune: true } });
  const { functions: remaining, routes, rules, collections } = await readSnapshot(bare);
  expect(remaining.map(({ name }) => name)).not.toContain('queryOrder');
  expect(remaining[0]?.triggers).toHaveLength(1);
  expect(routes.map(({ Path }) => Path)).toEqual(['/wx/notify']);
  expect(Object.keys(rules)).not.toContain('queryOrder');
  expect(collections.find(({ name }) => name === 'goods')?.indexes).toEqual([]);
  expect((await deployTo(bare, { ...after, functions, options: { prune: true } })).writes).toEqual(
    [],
  );
});

test('a secret set in the console survives a deploy that does not know it, until --unset', async () => {
  await deployTo(bare);
  await bare.cloud.scf('UpdateFunctionConfiguration', {
    FunctionName: 'unifiedOrder',
    Namespace: ENV_ID,
    Role: 'TCB_QcsRole',
    Environment: {
      Variables: [
        { Key: 'WXPAY_MCHID', Value: '1900000109' },
        { Key: 'WXPAY_API_V3_KEY', Value: 'k'.repeat(32) },
      ],
    },
  });
  const keys = async () =>
    (await readSnapshot(bare)).functions
      .find(({ name }) => name === 'unifiedOrder')
      ?.served.environment.map(({ Key }) => Key);
  await deployTo(bare, { environment: { WXPAY_API_V3_KEY: '' } });
  expect(await keys()).toEqual(['WXPAY_API_V3_KEY', 'WXPAY_MCHID']);
  await deployTo(bare, { options: { unset: ['WXPAY_API_V3_KEY'] } });
  expect(await keys()).toEqual(['WXPAY_MCHID']);
  // What is gone already is no mistake.
  await deployTo(bare, { options: { unset: ['WXPAY_API_V3_KEY'] } });
});

test('--unset of a key that no function has is refused before anything is written', async () => {
  await deployTo(bare);
  await bare.cloud.scf('UpdateFunctionConfiguration', {
    FunctionName: 'unifiedOrder',
    Namespace: ENV_ID,
    Environment: { Variables: [{ Key: 'STOCK_URL', Value: 'https://stock.example.com' }] },
  });
  bare.tencentcloud.forgetCalls();
  const typo = deploymentOf(bare.cloud, {
    code: { queryOrder: 'second' },
    options: { unset: ['STOCK_URI'] },
  });
  const silent = { onStart: () => {}, onDone: () => {} };
  for (const refused of [
    () => deployAll(typo, silent),
    () => deployOne(typo, 'queryOrder', silent),
    () => planAll(typo),
  ]) {
    await expect(refused()).rejects.toThrow(/UNSET_UNKNOWN.*STOCK_URI.*是否 STOCK_URL/);
  }
  const stranger = deploymentOf(bare.cloud, { options: { unset: ['WXPAY_LINK', 'FOO'] } });
  await expect(planAll(stranger)).rejects.toThrow(/--unset FOO：(?!.*是否)/);
  expect(writesOf(bare.tencentcloud)).toEqual([]);
  await deployTo(bare, { options: { unset: ['STOCK_URL'] } });
  const { functions } = await readSnapshot(bare);
  expect(functions.flatMap(({ served }) => served.environment.map(({ Key }) => Key))).not.toContain(
    'STOCK_URL',
  );
});

test('an environment above 4 kB is refused before anything is sent, the largest keys named', async () => {
  const change = { environment: { WXPAY_PRIVATE_KEY: 'x'.repeat(4090) } };
  bare.tencentcloud.forgetCalls();
  const first = await deployTo(bare, change).catch((error: unknown) => error);
  expect(String(first)).toContain('ENVIRONMENT_TOO_LARGE');
  expect(String(first)).toContain('WXPAY_PRIVATE_KEY 4107');
  expect(String(first)).not.toContain('xxxx');
  expect(writesOf(bare.tencentcloud)).toEqual([]);
});

/** All that a function of the direct link may read, each as long as a merchant’s may well be. */
const wholeEnvironment = {
  WXPAY_LINK: 'apiV3',
  WXPAY_MCHID: keysOptions.mchid,
  WXPAY_APPID: 'wx0123456789abcdef',
  WXPAY_SP_MCHID: '1900000200',
  WXPAY_SP_APPID: 'wxfedcba9876543210',
  WXPAY_SERIAL_NO: keysOptions.serialNo,
  WXPAY_PRIVATE_KEY: pemOf.private(merchantPair.privateKey),
  WXPAY_SERIAL_NO_NEXT: next.serialNo,
  WXPAY_PRIVATE_KEY_NEXT: pemOf.private(nextPair.privateKey),
  WXPAY_API_V3_KEY: keysOptions.apiV3Key,
  WXPAY_PUBLIC_KEY_ID: keysOptions.publicKey.id,
  WXPAY_PUBLIC_KEY: keysOptions.publicKey.pem,
  WXPAY_NOTIFY_URL: `https://${'shop.'.repeat(20)}example.com/pay/notify`,
  WXPAY_API_URL: 'https://api2.mch.weixin.qq.com',
  WXPAY_SERVICE_KEY: 's'.repeat(64),
  WXPAY_ADMIN_OPENIDS: Array.from({ length: 5 }, () => 'o'.repeat(28)).join(','),
  WXPAY_ORDER_TTL: 'PT30M',
  WXPAY_PRICE_SOURCE: 'service',
};

test('two merchant keys, the public key and every other setting fit into 4 kB, and both pairs sign', async () => {
  await deployTo(bare, { environment: wholeEnvironment });
  const { functions } = await readSnapshot(bare);
  const served = functions.find(({ name }) => name === 'unifiedOrder')?.served.environment ?? [];
  const env = Object.fromEntries(served.map(({ Key, Value }) => [Key, Value]));
  expect(Object.keys(env).sort()).toEqual(Object.keys(wholeEnvironment).sort());
  expect(bytesOf(Object.entries(wholeEnvironment))).toBeGreaterThan(4700);
  expect(bytesOf(Object.entries(env))).toBeLessThan(2000);
  const config = readConfig('unifiedOrder', env);
  if (!config.apiV3) throw new Error('the direct link is not configured');
  const keys = wireKeys(config, config.apiV3);
  for (const { publicKey } of [merchantPair, nextPair]) {
    expect(verify('text', sign('text', keys.privateKey), publicKey)).toBe(true);
    keys.failOver(keys.serialNo);
  }
  expect(keys.publicKeyId).toBe(keysOptions.publicKey.id);
  expect((await deployTo(bare, { environment: wholeEnvironment })).writes).toEqual([]);
  const { WXPAY_SERIAL_NO_NEXT: _no, WXPAY_PRIVATE_KEY_NEXT: _key, ...single } = wholeEnvironment;
  expect(bytesOf(Object.entries(single))).toBeLessThanOrEqual(4096);
});

test('keys that only the console has are shortened too, where the whole would not fit', async () => {
  const { WXPAY_PRIVATE_KEY: first, WXPAY_PRIVATE_KEY_NEXT: second, ...rest } = wholeEnvironment;
  await deployTo(bare, { environment: { ...rest, WXPAY_PRIVATE_KEY: first } });
  await deployTo(bare, { environment: { WXPAY_PRIVATE_KEY_NEXT: second } });
  const { functions } = await readSnapshot(bare);
  for (const { served } of functions) {
    expect(bytesOf(served.environment.map(({ Key, Value }) => [Key, Value]))).toBeLessThan(4096);
    const own = served.environment.find(({ Key }) => Key === 'WXPAY_PRIVATE_KEY')?.Value;
    expect(own).toBe(primesOf(merchantPair.privateKey));
  }
});

function bytesOf(environment: readonly (readonly unknown[])[]): number {
  return Buffer.byteLength(environment.flat().join(''));
}

test('another runtime is refused with the way out, and nothing is written', async () => {
  await deployTo(bare);
  const failed = deployTo(bare, { provider: { runtime: 'Nodejs22.21' } });
  await expect(failed).rejects.toThrow(/RUNTIME_IMMUTABLE.*Nodejs20\.19/s);
  expect(writesOf(bare.tencentcloud)).toEqual([]);
});

test('what is refused is refused before anything else is written', async () => {
  await deployTo(bare, { functions: functionsWith({ queryOrder: undefined }) });
  const failed = deployTo(bare, { provider: { runtime: 'Nodejs22.21' } });
  await expect(failed).rejects.toThrow('RUNTIME_IMMUTABLE');
  expect(writesOf(bare.tencentcloud)).toEqual([]);
});

test('an update that fails in the cloud is made again, and never published as if it had not', async () => {
  await deployTo(bare);
  const change = { code: { queryOrder: 'second' } };
  bare.world.faults.set([{ at: 'scf.Updating', kind: 'error', times: 1 }]);
  await deployTo(bare, change);
  expect(await codeOf('queryOrder')).toContain('second');
  const query = (await readSnapshot(bare)).functions.find(({ name }) => name === 'queryOrder');
  expect(query).toMatchObject({ latest: { Status: 'Active' }, serving: '2' });
});

test('an update that always fails ends the deploy, callers keep what they have, and the next one completes it', async () => {
  await deployTo(bare);
  const change = { code: { queryOrder: 'second' } };
  bare.world.faults.set([{ at: 'scf.Updating', kind: 'error' }]);
  await expect(deployTo(bare, change)).rejects.toThrow('UpdateFailed');
  expect(await codeOf('queryOrder')).toContain('first');
  bare.world.faults.set([]);
  await deployTo(bare, change);
  expect(await codeOf('queryOrder')).toContain('second');
});

test('functions, rules, routes and collections of others are untouched, with --prune too', async () => {
  const { cloud, cloudbase } = bare;
  const zip = { ZipFile: deploymentZip() };
  await cloud.scf('CreateFunction', {
    FunctionName: 'login',
    Namespace: ENV_ID,
    Code: zip,
    Runtime: 'Nodejs18.15',
    Handler: 'index.main',
    Description: 'somebody else',
  });
  await cloud.tcb('CreateHTTPServiceRoute', {
    EnvId: ENV_ID,
    Domain: {
      Domain: DOMAIN,
      Routes: [{ Path: '/login', UpstreamResourceType: 'SCF', UpstreamResourceName: 'login' }],
    },
  });
  const rule = { '*': { invoke: false }, login: { invoke: true } };
  await cloud.tcb('ModifyResourcePermission', {
    EnvId: ENV_ID,
    ResourceType: 'function',
    Permission: 'CUSTOM',
    SecurityRule: JSON.stringify(rule),
  });
  cloudbase.createCollection('users', [{ name: 'phone', keys: { phone: 1 } }]);
  await deployTo(bare, { functions: callback({ http: { path: '/old' } }) });
  await cloud.scf('CreateTrigger', {
    FunctionName: 'closeStaleOrders',
    Namespace: ENV_ID,
    Type: 'timer',
    Enable: 'OPEN',
    TriggerName: 'theirs',
    TriggerDesc: '0 0 0 * * * *',
    Qualifier: '$LATEST',
  });
  const foreign = (all: Awaited<ReturnType<typeof readSnapshot>>) => ({
    function: all.functions.find(({ name }) => name === 'login'),
    route: all.routes.find(({ Path }) => Path === '/login'),
    rules: [all.rules['*'], all.rules.login],
    collection: all.collections.find(({ name }) => name === 'users'),
    trigger: all.functions
      .find(({ name }) => name === 'closeStaleOrders')
      ?.triggers.find(({ TriggerName }) => TriggerName === 'theirs'),
  });
  const before = foreign(await readSnapshot(bare));
  expect(Object.values(before)).not.toContain(undefined);
  await deployTo(bare, { options: { prune: true } });
  expect(foreign(await readSnapshot(bare))).toEqual(before);
  expect((await readSnapshot(bare)).routes.map(({ Path }) => Path)).toEqual([
    '/login',
    '/pay/notify',
  ]);
});

const timersNamed = (prefix: string, count: number) =>
  stale(...Array.from({ length: count }, (_, i) => timer(`${prefix}${i}`, '0 * * * * * *')));

test('more timers than a function may have, with those that stand there, are refused before anything is written', async () => {
  await deployTo(bare, { functions: timersNamed('a', 6) });
  const change = { functions: timersNamed('b', 5), code: { closeStaleOrders: 'other' } };
  bare.tencentcloud.forgetCalls();
  await expect(deployTo(bare, change)).rejects.toThrow(/TIMERS_TOO_MANY.*closeStaleOrders.*11/s);
  const alone = deployOne(deploymentOf(bare.cloud, change), 'closeStaleOrders', {
    onStart: () => {},
    onDone: () => {},
  });
  await expect(alone).rejects.toThrow('TIMERS_TOO_MANY');
  expect(writesOf(bare.tencentcloud)).toEqual([]);
});

test('all ten timers of a function can be replaced by ten others', async () => {
  await deployTo(bare, { functions: timersNamed('a', 10) });
  await deployTo(bare, { functions: timersNamed('b', 10), options: { prune: true } });
  const { functions } = await readSnapshot(bare);
  const names = functions
    .find(({ name }) => name === 'closeStaleOrders')
    ?.triggers.map(({ TriggerName }) => TriggerName);
  expect(names).toEqual(Array.from({ length: 10 }, (_, i) => `b${i}`));
});

test('a function of the same name that others deployed is taken over only with --adopt', async () => {
  await bare.cloud.scf('CreateFunction', {
    FunctionName: 'payCallback',
    Namespace: ENV_ID,
    Code: { ZipFile: deploymentZip() },
    Runtime: 'Nodejs20.19',
    Handler: 'index.main',
    Description: 'a template',
  });
  await expect(deployTo(bare)).rejects.toThrow(/FUNCTION_FOREIGN.*payCallback.*--adopt/s);
  await deployTo(bare, { options: { adopt: true } });
  expect((await deployTo(bare)).writes).toEqual([]);
});

test('while a function is taken over its callers get the old version or the new one, never a mixture', async () => {
  const foreign = { ...deploymentOf(bare.cloud, { code: { payCallback: 'foreign' } }) };
  const zip = Buffer.from(foreign.code.get('payCallback')?.bytes ?? []).toString('base64');
  await bare.cloud.scf('CreateFunction', {
    FunctionName: 'payCallback',
    Namespace: ENV_ID,
    Code: { ZipFile: zip },
    Runtime: 'Nodejs20.19',
    Handler: 'index.main',
    Description: 'a template',
    Timeout: 3,
  });
  const served = new Set<string>();
  const poll = setInterval(() => {
    const version = bare.tencentcloud
      .deployed()
      .find(({ name, isDefault }) => name === 'payCallback' && isDefault);
    if (version) served.add(`${readFileSync(version.file, 'utf8')} ${version.timeoutMs}`);
  }, 1);
  await deployTo(bare, { options: { adopt: true } }).finally(() => clearInterval(poll));
  const kinds = [...served].map((text) => text.replace(/.*"(\w+)";? (\d+)$/s, '$1 $2'));
  expect(kinds.filter((kind) => kind !== 'foreign 3000' && kind !== 'first 10000')).toEqual([]);
  expect(kinds).toContain('first 10000');
});

test('a rule that the merchant closed stays closed', async () => {
  await deployTo(bare);
  const closed = { '*': { invoke: false }, unifiedOrder: { invoke: false } };
  await bare.cloud.tcb('ModifyResourcePermission', {
    EnvId: ENV_ID,
    ResourceType: 'function',
    Permission: 'CUSTOM',
    SecurityRule: JSON.stringify(closed),
  });
  await deployTo(bare);
  expect((await readSnapshot(bare)).rules).toMatchObject({
    ...closed,
    queryOrder: { invoke: 'auth != null' },
    payCallback: { invoke: false },
  });
});

test('an environment that is suspended is refused', async () => {
  const { cloud } = bare;
  const suspended: typeof cloud = {
    ...cloud,
    tcb: async (action, request) => {
      const answer = await cloud.tcb(action, request);
      if (action !== 'DescribeEnvs') return answer;
      return { EnvList: [{ EnvId: ENV_ID, Status: 'UNAVAILABLE' }] } as never;
    },
  };
  await expect(deployTo({ ...bare, cloud: suspended })).rejects.toThrow('ENVIRONMENT_NOT_NORMAL');
});

test('ours are found among more functions and collections than one page holds', async () => {
  for (let i = 0; i < 101; i += 1) bare.cloudbase.createCollection(`aa${i}`);
  await deployTo(bare);
  expect((await deployTo(bare)).writes).toEqual([]);
});

test('a path that leads to somebody else’s function is not taken from it', async () => {
  await bare.cloud.tcb('CreateHTTPServiceRoute', {
    EnvId: ENV_ID,
    Domain: {
      Domain: DOMAIN,
      Routes: [{ Path: '/pay/notify', UpstreamResourceType: 'SCF', UpstreamResourceName: 'shop' }],
    },
  });
  await expect(deployTo(bare)).rejects.toThrow(/ROUTE_TAKEN.*\/pay\/notify.*shop/s);
});

test('a wrong key is refused with what to check, and nothing is written', async () => {
  const access = { ...bare.access, secretKey: 'another' };
  const cloud = openCloud(access, bare.cloud.wait);
  const failed = await deployTo({ ...bare, cloud }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(CloudError);
  expect(failed).toMatchObject({ code: 'AuthFailure.SignatureFailure', retry: 'never' });
  expect(String(failed)).toContain('TENCENTCLOUD_SECRET_KEY');
  expect(String(failed)).not.toContain('another');
  expect(writesOf(bare.tencentcloud)).toEqual([]);
});

test('a throttled API is asked again, later, and the deploy ends as usual', async () => {
  const at = ['scf.CreateFunction', 'scf.GetFunction', 'tcb.CreateTable', 'tcb.ListTables'];
  bare.world.faults.set(at.map((call) => ({ at: call, kind: 'throttled', times: 3 })));
  await deployTo(bare);
  bare.world.faults.set([]);
  expect((await deployTo(bare)).writes).toEqual([]);
});

test('versions beyond the last five are deleted, never the one that serves', async () => {
  for (let deploy = 1; deploy <= 8; deploy += 1) {
    await deployTo(bare, { code: { queryOrder: `deploy ${deploy}` } });
  }
  const query = async () =>
    (await readSnapshot(bare)).functions.find(({ name }) => name === 'queryOrder');
  expect(await query()).toMatchObject({ serving: '8', versions: ['4', '5', '6', '7', '8'] });
  await bare.cloud.scf('UpdateAlias', {
    FunctionName: 'queryOrder',
    Namespace: ENV_ID,
    Name: '$DEFAULT',
    FunctionVersion: '4',
  });
  await bare.cloud.scf('PublishVersion', { FunctionName: 'queryOrder', Namespace: ENV_ID });
  await waitUntilUnchanging(bare.cloud, ENV_ID, 'queryOrder');
  // Whatever is deleted before callers are moved over, it is not what they get.
  bare.world.faults.set([{ at: 'scf.UpdateAlias', kind: 'error', code: 'InvalidParameterValue' }]);
  await deployTo(bare, { code: { queryOrder: 'deploy 9' } }).catch(() => {});
  expect((await query())?.versions).toContain('4');
});

function deploymentZip(): string {
  const [code] = [...deploymentOf(bare.cloud).code.values()];
  return Buffer.from(code?.bytes ?? []).toString('base64');
}

/** Invokes a function for the code that its callers get. */
async function codeOf(name: string): Promise<string> {
  const served = bare.tencentcloud
    .deployed()
    .find((version) => version.name === name && version.isDefault);
  return readFileSync(served?.file ?? '', 'utf8');
}

test('a sample’s collection gets its rule, and one of the merchant’s own of that name keeps its', async () => {
  const sample = { handler: 'functions/quoteOrder/index.main' };
  const change = { functions: { ...functionsWith({}), quoteOrder: sample } };
  const products = async () => (await readSnapshot(bare)).acl.products;
  // It died right after the collection was made: the next one completes it.
  bare.cloudbase.createCollection('products');
  await deployTo(bare, change);
  expect(await products()).toBe('ADMINWRITE');
  const acl = { EnvId: ENV_ID, CollectionName: 'products', AclTag: 'PRIVATE' };
  await bare.cloud.tcb('ModifyDatabaseACL', acl);
  bare.cloudbase.put('products', [{ _id: 'their own' }]);
  const { writes } = await deployTo(bare, change);
  expect([await products(), writes]).toEqual(['PRIVATE', []]);
});

test('a deploy that died after it sent code leaves nothing that a later one publishes as other code', async () => {
  const first = {
    functions: functionsWith({
      unifiedOrder: undefined,
      payCallback: undefined,
      closeStaleOrders: undefined,
    }),
  };
  await deployTo(bare, first);
  const { cloud } = bare;
  const dying = {
    ...cloud,
    scf: async (action: string, request: object) => {
      const answer = await cloud.scf(action as 'GetFunction', request as never);
      if (action === 'UpdateFunctionCode') throw new Error('died');
      return answer;
    },
  } as typeof cloud;
  const second = deploymentOf(dying, { ...first, code: { queryOrder: 'second' } });
  const silent = { onStart: () => {}, onDone: () => {} };
  await expect(deployAll(second, silent)).rejects.toThrow('died');
  // The source went back to the first one, and then only a variable changes.
  await deployTo(bare, first);
  await deployTo(bare, { ...first, environment: { WXPAY_MCHID: '1900000110' } });
  const served = bare.tencentcloud.deployed().find(({ isDefault }) => isDefault);
  expect(readFileSync(served?.file ?? '', 'utf8')).toContain('"first"');
});
