import dns from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Access } from './access.ts';
import { backoffMs, type Cloud, openCloud } from './cloud.ts';
import { CloudError } from './cloudError.ts';

/** The act of a scripted cloud upon a call. */
type Act =
  | { answer: object }
  | { refuse: string }
  | { status: number }
  | { text: string }
  | 'reset';

/**
 * Starts a cloud that answers by a script, the last act for ever, and keeps the calls that it
 * received.
 */
interface Scripted {
  access: Access;
  received: { action: string; host: string; version: string; region: string; body: unknown }[];
  play(...acts: Act[]): void;
  close(): Promise<void>;
}

const SECRETS = {
  secretId: 'AKIDscripted',
  secretKey: 'key-of-the-script',
  token: 'token-of-the-script',
};
const ok = { answer: { Status: 'Active' } };
const throttled = { refuse: 'RequestLimitExceeded' };

async function startScripted(): Promise<Scripted> {
  let script: Act[] = [ok];
  const received: Scripted['received'] = [];
  const server = createServer(async (request, answer) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const header = (name: string) => String(request.headers[name] ?? '');
    received.push({
      action: header('x-tc-action'),
      host: header('host'),
      body: JSON.parse(body),
      version: header('x-tc-version'),
      region: header('x-tc-region'),
    });
    const act = (script.length > 1 ? script.shift() : script[0]) ?? ok;
    if (act === 'reset') request.socket.destroy();
    else if ('status' in act) answer.writeHead(act.status).end('<html>');
    else if ('text' in act) answer.end(act.text);
    else answer.end(JSON.stringify({ Response: responseOf(act) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    access: { ...SECRETS, region: 'ap-shanghai', endpoint: new URL(`http://127.0.0.1:${port}`) },
    received,
    play: (...acts) => {
      script = acts;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function responseOf(act: { answer: object } | { refuse: string }) {
  const id = { RequestId: 'request-1' };
  if ('answer' in act) return { ...act.answer, ...id };
  return { Error: { Code: act.refuse, Message: 'in the words of the cloud' }, ...id };
}

let scripted: Scripted;
let waits: number[];
let cloud: Cloud;
beforeEach(async () => {
  scripted = await startScripted();
  waits = [];
  cloud = openCloud(scripted.access, async (ms) => {
    waits.push(ms);
  });
});
afterEach(() => scripted.close());

const address = { FunctionName: 'unifiedOrder', Namespace: 'pay-1a2b3c' };
const SETTING = 'a value that nobody shall read';
const Environment = { Variables: [{ Key: 'WXPAY_API_V3_KEY', Value: SETTING }] };

/** Makes a read and a write of both services, typed and not. */
const reads: [string, () => Promise<unknown>][] = [
  ['GetFunction', () => cloud.scf('GetFunction', address)],
  ['ListFunctions', () => cloud.scf('ListFunctions', {})],
  ['DescribeEnvs', () => cloud.tcb('DescribeEnvs', {})],
  ['GetTempCosInfo', () => cloud.callScf('GetTempCosInfo', { ObjectPath: 'a/b.zip' })],
];
const writes: [string, () => Promise<unknown>][] = [
  [
    'UpdateFunctionConfiguration',
    () => cloud.scf('UpdateFunctionConfiguration', { ...address, Environment }),
  ],
  ['PublishVersion', () => cloud.scf('PublishVersion', address)],
  ['InvokeFunction', () => cloud.scf('InvokeFunction', { ...address, Event: '{}' })],
  [
    'DeleteTable',
    () => cloud.tcb('DeleteTable', { TableName: 'goods', EnvId: 'pay-1a2b3c' } as never),
  ],
];

/** Awaits the failure of a call. */
async function failureOf(call: () => Promise<unknown>): Promise<CloudError> {
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CloudError);
  return error as CloudError;
}

describe('a call', () => {
  test('reaches its service under its own name, and answers without its frame', async () => {
    await cloud.scf('GetFunction', address);
    await cloud.tcb('DescribeEnvs', { EnvId: 'pay-1a2b3c' });
    await cloud.callScf('GetTempCosInfo', { ObjectPath: 'a/b.zip' });
    const { port } = scripted.access.endpoint ?? {};
    const region = 'ap-shanghai';
    expect(scripted.received).toEqual([
      {
        action: 'GetFunction',
        host: `scf.tencentcloudapi.com:${port}`,
        region,
        version: '2018-04-16',
        body: address,
      },
      {
        action: 'DescribeEnvs',
        host: `tcb.tencentcloudapi.com:${port}`,
        region,
        version: '2018-06-08',
        body: { EnvId: 'pay-1a2b3c' },
      },
      {
        action: 'GetTempCosInfo',
        host: `scf.tencentcloudapi.com:${port}`,
        region,
        version: '2018-04-16',
        body: { ObjectPath: 'a/b.zip' },
      },
    ]);
    expect(await cloud.scf('GetFunction', address)).toMatchObject({ Status: 'Active' });
  });

  test('that is refused says whose word it is, at once', async () => {
    scripted.play({ refuse: 'InvalidParameterValue.Runtime' });
    expect(await failureOf(() => cloud.scf('GetFunction', address))).toMatchObject({
      action: 'scf.GetFunction',
      code: 'InvalidParameterValue.Runtime',
      retry: 'never',
      requestId: 'request-1',
      message: expect.stringContaining('in the words of the cloud'),
    });
    expect([scripted.received.length, waits]).toEqual([1, []]);
  });
});

describe('a throttled call was not done and is repeated', () => {
  test.each([...reads, ...writes])('%s', async (action, call) => {
    scripted.play(throttled, throttled, throttled, ok);
    expect(await call()).toMatchObject({ Status: 'Active' });
    expect(scripted.received.map((call) => call.action)).toEqual(Array(4).fill(action));
    expect(waits).toEqual([50, 100, 200]);
  });

  test.each(['RequestLimitExceeded.UinLimitExceeded', 'LimitExceeded.Request'])(
    'by another word: %s',
    async (refuse) => {
      scripted.play({ refuse }, ok);
      await cloud.scf('PublishVersion', address);
      expect(scripted.received).toHaveLength(2);
    },
  );

  test('but not for ever: at the eighth time it fails', async () => {
    scripted.play(throttled);
    const { code, retry } = await failureOf(() => cloud.scf('PublishVersion', address));
    expect([code, retry, scripted.received.length]).toEqual([
      'RequestLimitExceeded',
      'same_request',
      8,
    ]);
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 3200]);
  });
});

test('waits grow, up to five seconds', () => {
  expect([1, 2, 7, 8, 9, 30].map(backoffMs)).toEqual([50, 100, 3200, 5000, 5000, 5000]);
});

/** Acts after which it is unknown whether the call took effect, each with its code. */
const unknown: [string, Act, string][] = [
  ['a reset socket', 'reset', 'NetworkError'],
  ['a gateway that fails', { status: 502 }, 'HTTP_502'],
  ['an answer that is no JSON', { text: '<html>' }, 'NetworkError'],
  ['an answer of another shape', { text: '{}' }, 'NetworkError'],
  ['an internal error', { refuse: 'InternalError' }, 'InternalError'],
];

describe.each(unknown)('after %s', (_what, act, code) => {
  test.each(reads)('%s is repeated', async (action, call) => {
    scripted.play(act, act, ok);
    expect(await call()).toMatchObject({ Status: 'Active' });
    expect(scripted.received.map((call) => call.action)).toEqual(Array(3).fill(action));
    expect(waits).toEqual([50, 100]);
  });

  test.each(writes)('%s is not: whoever called shall look first', async (action, call) => {
    scripted.play(act, ok);
    expect(await failureOf(call)).toMatchObject({ code, retry: 'query_first' });
    expect(scripted.received.map((call) => call.action)).toEqual([action]);
    expect(waits).toEqual([]);
  });
});

test('a read gives up at the eighth time too', async () => {
  scripted.play('reset');
  expect(await failureOf(() => cloud.scf('GetFunction', address))).toMatchObject({
    retry: 'query_first',
  });
  expect(scripted.received).toHaveLength(8);
});

test.each([
  { refuse: 'ResourceNotFound.Function' },
  { refuse: 'ResourceUnavailable.ResourceExist' },
  { refuse: 'FailedOperation.FunctionStatusError' },
  { refuse: 'AuthFailure.SignatureFailure' },
  { status: 403 },
])('%o is an answer: a read is not repeated for it', async (act) => {
  scripted.play(act, ok);
  await failureOf(() => cloud.scf('GetFunction', address));
  expect([scripted.received.length, waits]).toEqual([1, []]);
});

describe('what is not there is reported at once', () => {
  test('nothing listens', async () => {
    await scripted.close();
    const error = await failureOf(() => cloud.scf('GetFunction', address));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', retry: 'never' });
    expect(error.message).toContain('TENCENTCLOUD_ENDPOINT');
    expect(waits).toEqual([]);
    scripted = await startScripted();
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that nobody knows: %s', async (code) => {
    vi.stubEnv('http_proxy', '');
    const lookedUp: string[] = [];
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      name: string,
      _options: object,
      found: (error: Error) => void,
    ) => {
      lookedUp.push(name);
      found(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }));
    }) as never);
    const { endpoint: _local, ...access } = scripted.access;
    const real = openCloud(access, cloud.wait);
    const failures = [
      await failureOf(() => real.scf('GetFunction', address)),
      await failureOf(() => real.tcb('DescribeEnvs', {})),
      await failureOf(() => real.callScf('GetTempCosInfo', { ObjectPath: 'a/b.zip' })),
    ];
    lookup.mockRestore();
    vi.unstubAllEnvs();
    for (const error of failures) expect(error).toMatchObject({ code, retry: 'never' });
    expect(lookedUp).toEqual([
      'scf.tencentcloudapi.com',
      'tcb.tencentcloudapi.com',
      'scf.tencentcloudapi.com',
    ]);
    expect(waits).toEqual([]);
  });
});

test.each<[string, Act]>([
  ...unknown.map(([what, act]): [string, Act] => [what, act]),
  ['a refusal', { refuse: 'AuthFailure.SignatureFailure' }],
  ['a status', { status: 403 }],
])('no error holds a key or a value that was sent: %s', async (_what, act) => {
  scripted.play(act);
  for (const [, call] of [...reads, ...writes]) {
    const error = await failureOf(call);
    const held = `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(error)}`;
    for (const secret of [...Object.values(SECRETS), SETTING]) expect(held).not.toContain(secret);
  }
  expect(JSON.stringify(scripted.received)).toContain(SETTING);
});
