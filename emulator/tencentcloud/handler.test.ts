import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen } from '../server.ts';
import {
  BUCKET,
  type DataPlace,
  ENV_ID,
  type Harness,
  KEY_PAIR,
  newDataPlace,
  REGION,
  startHarness,
} from './harness.ts';

let place: DataPlace;
let harness: Harness;

beforeAll(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place);
  harness.cloud.forgetCalls();
});
afterAll(async () => {
  await harness.close();
  await place.remove();
});
afterEach(() => {
  harness.world.faults.set([]);
  vi.useRealTimers();
});

const verdict = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );
const Namespace = ENV_ID;
const list = (client: { request(action: string, params: object): Promise<unknown> }) =>
  client.request('ListFunctions', { Namespace });

describe('who may ask', () => {
  test.each<[string, object, string]>([
    ['the key pair with its token', {}, 'answered'],
    ['a wrong key', { secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
    ['an unknown key', { secretId: 'AKIDother' }, 'AuthFailure.SecretIdNotFound'],
    ['a wrong token', { token: 'stale' }, 'AuthFailure.TokenFailure'],
    ['no token where one belongs to the key', { token: null }, 'AuthFailure.TokenFailure'],
  ])('%s', async (_name, change, expected) => {
    const credential = { ...KEY_PAIR, ...change };
    expect(await verdict(list(harness.other({ credential })))).toBe(expected);
  });

  test('a refusal has a request id and never the secret', async () => {
    const call = list(harness.other({ credential: { ...KEY_PAIR, secretKey: 'wrong' } }));
    const error = await call.then(
      () => undefined,
      (refusal: { requestId: string }) => refusal,
    );
    expect(error?.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(String(error)).not.toContain(KEY_PAIR.secretKey);
  });

  test.each([
    [0, 'answered'],
    [-4, 'answered'],
    [4, 'answered'],
    [-6, 'AuthFailure.SignatureExpire'],
    [6, 'AuthFailure.SignatureExpire'],
  ])('a clock that is %i minutes off', async (minutes, expected) => {
    // The signer's clock is faked while it signs; the request then meets the real one.
    const other = await startHarness(listen, { ...place, file: ':memory:' });
    const { handle } = other.cloud;
    const sent = await signedAt(Date.now() + minutes * 60_000);
    const { Response: reply } = (await (await handle(sent)).json()) as { Response: Answer };
    expect(reply.Error?.Code ?? 'answered').toBe(expected);
    await other.close();
  });

  test('virtual time counts as well as real time', async () => {
    const other = await startHarness(listen, { ...place, file: ':memory:' });
    other.world.clock.jumpTo(Date.now() + 86_400_000);
    expect(await verdict(list(other.common))).toBe('answered');
    const sent = await signedAt(other.world.clock.nowMs());
    const { Response: reply } = (await (await other.cloud.handle(sent)).json()) as {
      Response: Answer;
    };
    expect(reply.Error).toBeUndefined();
    await other.close();
  });

  test.each<[string, (sent: Sent) => Sent, string]>([
    ['as it was sent', (sent) => sent, 'answered'],
    [
      'a body changed on the way',
      (sent) => ({ ...sent, body: sent.body.replace('"Limit":1', '"Limit":2') }),
      'AuthFailure.SignatureFailure',
    ],
    [
      'a body of other spaces',
      (sent) => ({ ...sent, body: `${sent.body} ` }),
      'AuthFailure.SignatureFailure',
    ],
    [
      'another service than it was signed for',
      (sent) => withHeader(sent, 'host', 'tcb.tencentcloudapi.com'),
      'AuthFailure.SignatureFailure',
    ],
    [
      'a day that is not the timestamp’s',
      (sent) =>
        withHeader(sent, 'authorization', authorization(sent).replace(/\/2\d{3}-/, '/1999-')),
      'AuthFailure.SignatureFailure',
    ],
    [
      'a host that is not signed',
      (sent) => withHeader(sent, 'authorization', authorization(sent).replace(';host', '')),
      'AuthFailure.InvalidAuthorization',
    ],
    [
      'no authorization',
      (sent) => withHeader(sent, 'authorization', ''),
      'AuthFailure.InvalidAuthorization',
    ],
    [
      'no timestamp',
      (sent) => withHeader(sent, 'x-tc-timestamp', 'now'),
      'AuthFailure.InvalidAuthorization',
    ],
    ['an unknown action', (sent) => withHeader(sent, 'x-tc-action', 'Nothing'), 'InvalidAction'],
    [
      'a method of every object',
      (sent) => withHeader(sent, 'x-tc-action', 'toString'),
      'InvalidAction',
    ],
    ['no region', (sent) => withHeader(sent, 'x-tc-region', ''), 'MissingParameter'],
  ])('%s', async (_name, change, expected) => {
    expect(await repeated(change(await recorded()))).toBe(expected);
  });

  test('another region and another version are refused by name', async () => {
    expect(await verdict(list(harness.other({ region: 'ap-guangzhou' })))).toBe(
      'UnsupportedRegion',
    );
    expect(await verdict(list(harness.other({}, '2017-03-12')))).toBe('NoSuchVersion');
  });

  test('a body above 10 MB is refused', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const headers = { 'x-tc-action': 'ListFunctions', host: 'scf.tencentcloudapi.com' };
    const sent = new Request('http://scf.tencentcloudapi.com/', { method: 'POST', headers, body });
    expect(await (await harness.cloud.handle(sent)).text()).toContain('RequestSizeLimitExceeded');
  });

  test.each([
    ['POST', { 'x-tc-action': 'X' }, true],
    ['GET', { 'x-tc-action': 'X' }, false],
    ['POST', {}, false],
    ['PUT', { host: `shtempcos-1253665819.cos.${REGION}.myqcloud.com:80` }, true],
    ['PUT', { host: 'example.com' }, false],
  ])('%s with %o belongs here: %s', (method, headers, expected) => {
    const request = new Request('http://127.0.0.1/', { method, headers: { ...headers } });
    expect(harness.cloud.owns(request)).toBe(expected);
  });
});

describe('faults', () => {
  const rule = ({ invoke }: { invoke: boolean }) => ({
    EnvId: ENV_ID,
    ResourceType: 'function',
    Permission: 'CUSTOM',
    SecurityRule: JSON.stringify({ '*': { invoke } }),
  });
  const at = 'tcb.ModifyResourcePermission';
  const set = (invoke: { invoke: boolean }) => harness.tcb.ModifyResourcePermission(rule(invoke));

  test.each([
    ['lost_request', true],
    ['lost_answer', false],
  ] as const)(
    '%s: the SDK sees a broken socket; functions may still be called: %s',
    async (kind, may) => {
      await set({ invoke: true });
      harness.world.faults.set([{ at, kind, times: 1 }]);
      await expect(set({ invoke: false })).rejects.toThrow('socket hang up');
      expect(harness.cloud.clientMayInvoke('pay')).toBe(may);
      await set({ invoke: false });
      expect(harness.cloud.clientMayInvoke('pay')).toBe(false);
    },
  );

  test.each([
    [{ kind: 'throttled' }, 'RequestLimitExceeded'],
    [{ kind: 'error' }, 'InternalError'],
    [{ kind: 'error', code: 'InternalError.System' }, 'InternalError.System'],
    [{ kind: 'slow', delayMs: 1 }, 'answered'],
  ] as const)('%o is answered with %s', async (fault, expected) => {
    harness.world.faults.set([{ at, times: 1, ...fault }]);
    expect(await verdict(set({ invoke: true }))).toBe(expected);
    expect(await verdict(set({ invoke: true }))).toBe('answered');
  });
});

test('calls are counted, writes distinguished, and the timeline records writes only', async () => {
  harness.cloud.forgetCalls();
  const last = harness.world.timeline.recent().at(-1)?.id ?? 0;
  await list(harness.common);
  await verdict(
    harness.common.request('CreateAlias', { Namespace, FunctionName: 'no', Name: 'a' }),
  );
  await harness.tcb.ModifyResourcePermission({
    EnvId: ENV_ID,
    ResourceType: 'storage',
    Resource: BUCKET,
    Permission: 'PRIVATE',
  });
  expect(harness.cloud.calls()).toEqual([
    { action: 'ListFunctions', write: false, subject: '' },
    { action: 'CreateAlias', write: true, subject: 'no' },
    { action: 'ModifyResourcePermission', write: true, subject: 'storage' },
  ]);
  expect(harness.world.timeline.recent(last)).toMatchObject([
    { what: 'scf.CreateAlias', subject: 'no', detail: { refused: 'ResourceNotFound.Function' } },
    { what: 'tcb.ModifyResourcePermission', subject: 'storage' },
  ]);
});

type Answer = { Error?: { Code: string } };
interface Sent {
  headers: Record<string, string>;
  body: string;
}

/** A request of the SDK as it travelled. */
async function recorded(): Promise<Sent> {
  let sent: Sent = { headers: {}, body: '' };
  const server = await listen(async (request) => {
    sent = { headers: Object.fromEntries(request.headers), body: await request.text() };
    return Response.json({ Response: {} });
  }, 0);
  const client = harness.other({ profile: profileTo(server.port) });
  await client.request('ListFunctions', { Namespace, Limit: 1 });
  await server.close();
  return sent;
}

function profileTo(port: number) {
  const { httpProfile } = harness.common.profile;
  return { httpProfile: { ...httpProfile, endpoint: `scf.tencentcloudapi.com:${port}` } };
}

/** A request that was signed while the signer's clock stood at `atMs`. */
async function signedAt(atMs: number): Promise<Request> {
  vi.useFakeTimers({ toFake: ['Date'], now: atMs });
  const { headers, body } = await recorded();
  vi.useRealTimers();
  return new Request('http://scf.tencentcloudapi.com/', { method: 'POST', headers, body });
}

const authorization = ({ headers }: Sent) => headers.authorization ?? '';
const withHeader = (sent: Sent, name: string, value: string): Sent => ({
  ...sent,
  headers: { ...sent.headers, [name]: value },
});

/** Sends a recorded request again; answers the code of the refusal, or `answered`. */
async function repeated({ headers, body }: Sent): Promise<string> {
  const { 'content-length': _, ...rest } = headers;
  const to = { host: '127.0.0.1', port: harness.port, method: 'POST', headers: rest };
  const text = await new Promise<string>((resolve, reject) => {
    const request = httpRequest(to, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    request.on('error', reject);
    request.end(body);
  });
  const { Response: reply } = JSON.parse(text) as { Response: Answer };
  return reply.Error?.Code ?? 'answered';
}
