import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { verifyServiceCall } from '../../../../shared/contract/serviceCall.ts';
import type { CommandContext } from '../../context/framework.ts';
import { gatherFacts } from './gather.ts';

const key = 'k'.repeat(32);
const DOMAIN = 'pay-1a2b3c.ap-shanghai.app.tcloudbase.com';
const route = { Path: '/pay/notify', UpstreamResourceName: 'payCallback', Enable: true };

type Request = Record<string, unknown>;
type Answers = Record<string, (request: Request) => object>;

/** The answers of a deployed service, as far as the doctor reads them. */
const deployed: Answers = {
  DescribeEnvs: () => ({
    EnvList: [
      {
        EnvId: 'pay-1a2b3c',
        Status: 'NORMAL',
        Region: 'ap-shanghai',
        Databases: [{ InstanceId: 'tnt-1', Status: 'RUNNING' }],
        Storages: [{ Bucket: 'bucket' }],
      },
    ],
  }),
  GetFunction: () => ({
    Status: 'Active',
    Description: 'shop, code 1',
    Environment: { Variables: [{ Key: 'WXPAY_SERVICE_KEY', Value: key }] },
  }),
  ListVersionByFunction: () => ({ Versions: [{ Version: '1' }], TotalCount: 1 }),
  GetAlias: () => ({ FunctionVersion: '1' }),
  ListTriggers: () => ({ Triggers: [] }),
  SearchClsLog: () => ({ LogResults: { Results: [{ Content: '{"log":"wx_trigger"}' }] } }),
  DescribeHTTPServiceRoute: () => ({
    Domains: [{ Domain: DOMAIN, IsDefault: true, Routes: [route] }],
  }),
  DescribeResourcePermission: ({ ResourceType }) => ({
    Data: {
      PermissionList: [
        ResourceType === 'storage'
          ? { Permission: 'PRIVATE' }
          : { SecurityRule: '{"*":{"invoke":"auth != null"}}' },
      ],
    },
  }),
  ListTables: () => ({ Tables: [{ TableName: 'orders' }], Pager: { Total: 1 } }),
  DescribeTable: () => ({ Indexes: [] }),
  DescribeDatabaseACL: () => ({ AclTag: 'ADMINONLY' }),
  InvokeFunction: () => ({ Result: { RetMsg: '{"errCode":0}', FunctionRequestId: 'r-1' } }),
};

const refusal = (Code: string) => () => ({ Error: { Code, Message: 'refused' } });
let answers: Answers = deployed;
const asks: string[] = [];
/** The paths that were called beside the API. */
const visits: (string | undefined)[] = [];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const action = request.headers['x-tc-action'];
    if (action === undefined) {
      visits.push(request.url);
      response.statusCode = request.url === '/pay/notify' ? 400 : 200;
      response.end('{"code":"FAIL","message":"header_missing:wechatpay-timestamp"}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Request;
    asks.push(String(action));
    const answer = answers[String(action)]?.(body) ?? refusal('UnsupportedOperation')();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ Response: { ...answer, RequestId: 'id' } }));
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function gatherFrom(changed: Answers, project: { serviceDir?: string; env?: object } = {}) {
  answers = { ...deployed, ...changed };
  asks.length = 0;
  visits.length = 0;
  const yml = parse(readFileSync('serverless.yml', 'utf8'));
  const provider = { ...yml.provider, envId: 'pay-1a2b3c', region: 'ap-shanghai', environment: {} };
  return gatherFacts({
    framework: {
      serviceDir: project.serviceDir ?? process.cwd(),
      service: { service: 'shop', provider, functions: yml.functions, package: {} },
      configurationInput: {},
    },
    textFaults: [],
    options: {},
    env: project.env ?? {
      TENCENTCLOUD_SECRET_ID: 'id',
      TENCENTCLOUD_SECRET_KEY: 'secret',
      TENCENTCLOUD_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    nowMs: Date.now,
    wait: async () => undefined,
  } as unknown as CommandContext);
}

test('all that is deployed is read, over the wire, and nothing is written', async () => {
  const facts = await gatherFrom({});
  expect(facts).toMatchObject({
    access: { kind: 'known', value: { isLocal: true } },
    environment: {
      kind: 'known',
      value: { kind: 'found', environment: { database: { status: 'RUNNING' } } },
    },
    domain: { kind: 'known', value: { domain: DOMAIN, isDefault: true } },
    rules: { kind: 'known', value: { '*': { invoke: 'auth != null' } } },
    storage: { kind: 'known', value: 'PRIVATE' },
    collections: { orders: { kind: 'known', value: { acl: 'ADMINONLY', indexes: [] } } },
    callback: { kind: 'known', value: { status: 400, code: 'FAIL' } },
    bill: { kind: 'known', value: { code: '0', requestId: 'r-1' } },
    wechatTimer: { kind: 'known', value: { hasRun: true } },
  });
  expect(facts.functions.payCallback).toMatchObject({ kind: 'known', value: { serving: '1' } });
  expect(facts.timers.closeStaleOrders).toEqual({ kind: 'known', value: [] });
  expect(facts.clock.kind === 'known' && Math.abs(facts.clock.value)).toBeLessThan(2000);
  expect(asks.filter((action) => !/^(Describe|Get|List|Search|Invoke)/.test(action))).toEqual([]);
});

test('what cannot be read stops nothing else', async () => {
  const facts = await gatherFrom({
    DescribeResourcePermission: refusal('UnauthorizedOperation'),
    ListTriggers: refusal('InvalidParameter'),
    SearchClsLog: refusal('InternalError'),
  });
  expect(facts.wechatTimer).toMatchObject({ kind: 'unknown', code: 'InternalError' });
  expect(facts.rules).toMatchObject({ kind: 'unknown', code: 'UnauthorizedOperation' });
  expect(facts.storage).toMatchObject({ kind: 'unknown', code: 'UnauthorizedOperation' });
  expect(facts.timers.closeStaleOrders).toMatchObject({
    kind: 'unknown',
    code: 'InvalidParameter',
  });
  expect(facts.bill.kind).toBe('known');
  expect(facts.collections.orders?.kind).toBe('known');
});

test('before a deploy nothing is asked of functions and routes that are not there', async () => {
  const invoked: Request[] = [];
  const facts = await gatherFrom({
    GetFunction: refusal('ResourceNotFound.Function'),
    ListTriggers: refusal('ResourceNotFound.Function'),
    DescribeHTTPServiceRoute: () => ({ Domains: [{ Domain: DOMAIN, IsDefault: true }] }),
    ListTables: () => ({ Tables: [], Pager: { Total: 0 } }),
    InvokeFunction: (request) => {
      invoked.push(request);
      return {};
    },
  });
  expect(facts.functions.payCallback).toEqual({ kind: 'known', value: undefined });
  expect(facts.collections.orders).toEqual({ kind: 'known', value: undefined });
  expect(facts.callback).toMatchObject({ kind: 'unknown' });
  expect(facts.bill).toMatchObject({ kind: 'unknown', fix: expect.stringContaining('部署后') });
  expect(invoked).toEqual([]);
});

/** Makes a function whose description is `ours` in all but what the qualifier names. */
const described = (name: string, qualifier: string | undefined) => (request: Request) => ({
  ...deployed.GetFunction?.(request),
  ...(request.FunctionName === name && request.Qualifier === qualifier
    ? { Description: 'by somebody else' }
    : {}),
});

test.each<[string, string | undefined]>([
  ['was edited by something else', undefined],
  ['serves callers what something else deployed', '1'],
])('no signed question goes to a downloadBill that %s', async (_what, qualifier) => {
  const facts = await gatherFrom({ GetFunction: described('downloadBill', qualifier) });
  expect(facts.bill).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('未调用') });
  expect(asks).not.toContain('InvokeFunction');
  expect(facts.callback.kind).toBe('known');
});

test('nothing is posted to a payCallback that something else deployed', async () => {
  const facts = await gatherFrom({ GetFunction: described('payCallback', '1') });
  expect(facts.callback).toMatchObject({
    kind: 'unknown',
    reason: expect.stringContaining('未调用'),
  });
  expect(visits).not.toContain('/pay/notify');
  expect(facts.bill.kind).toBe('known');
});

test('the question is signed with the key of the version that serves', async () => {
  const sent: Request[] = [];
  const keys: Record<string, string> = { 1: 'a'.repeat(32), 2: 'b'.repeat(32) };
  await gatherFrom({
    ListVersionByFunction: () => ({
      Versions: [{ Version: '1' }, { Version: '2' }],
      TotalCount: 2,
    }),
    GetFunction: (request) => ({
      ...deployed.GetFunction?.(request),
      Environment: {
        Variables: [{ Key: 'WXPAY_SERVICE_KEY', Value: keys[String(request.Qualifier)] ?? key }],
      },
    }),
    InvokeFunction: (request) => {
      sent.push(request);
      return { Result: { RetMsg: '{"errCode":0}' } };
    },
  });
  const event = JSON.parse(String(sent[0]?.Event));
  expect(verifyServiceCall('downloadBill', event, [keys[1] ?? ''])).toBe(true);
});

test('that the routes cannot be read is not taken for an address that does not answer', async () => {
  const facts = await gatherFrom({ DescribeHTTPServiceRoute: refusal('UnauthorizedOperation') });
  expect(facts.domain).toMatchObject({ kind: 'unknown', code: 'UnauthorizedOperation' });
  expect(facts.callback).not.toHaveProperty('code');
});

test('a key pair that is refused is asked with once', async () => {
  const facts = await gatherFrom({ DescribeEnvs: refusal('AuthFailure.SignatureFailure') });
  expect(facts.environment).toMatchObject({ code: 'AuthFailure.SignatureFailure' });
  expect(facts.functions.payCallback).toMatchObject({
    reason: expect.stringContaining('环境不可读'),
  });
  expect(asks).toEqual(['DescribeEnvs']);
});

test('what .env lost is read beside what arrived, without a key pair too', async () => {
  const serviceDir = mkdtempSync(join(tmpdir(), 'gather-'));
  writeFileSync(join(serviceDir, '.env'), 'WXPAY_API_V3_KEY=#abc\n');
  const { envFile } = await gatherFrom({}, { serviceDir, env: {} });
  expect(envFile).toEqual([
    expect.objectContaining({ what: expect.stringContaining('WXPAY_API_V3_KEY') }),
  ]);
  expect(asks).toEqual([]);
});
