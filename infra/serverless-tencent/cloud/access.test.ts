import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Access, AccessError, agentTo, clientConfig, readAccess } from './access.ts';

const REGION = 'ap-shanghai';
const key = { TENCENTCLOUD_SECRET_ID: 'AKIDone', TENCENTCLOUD_SECRET_KEY: 'key-of-one' };
const olderKey = { TENCENT_SECRET_ID: 'AKIDtwo', TENCENT_SECRET_KEY: 'key-of-two' };

describe('credentials', () => {
  test.each<[string, Record<string, string | undefined>, Access]>([
    ['the names of today', key, { secretId: 'AKIDone', secretKey: 'key-of-one', region: REGION }],
    [
      'the names of the older tools',
      olderKey,
      { secretId: 'AKIDtwo', secretKey: 'key-of-two', region: REGION },
    ],
    [
      'both: those of today',
      { ...olderKey, ...key },
      { secretId: 'AKIDone', secretKey: 'key-of-one', region: REGION },
    ],
    [
      'an empty one of today: the older',
      { ...olderKey, TENCENTCLOUD_SECRET_ID: '', TENCENTCLOUD_SECRET_KEY: '' },
      { secretId: 'AKIDtwo', secretKey: 'key-of-two', region: REGION },
    ],
    [
      'temporary ones',
      { ...key, TENCENTCLOUD_SESSION_TOKEN: 'token' },
      { secretId: 'AKIDone', secretKey: 'key-of-one', token: 'token', region: REGION },
    ],
    [
      'temporary ones, by the older name',
      { ...olderKey, TENCENT_TOKEN: 'token' },
      { secretId: 'AKIDtwo', secretKey: 'key-of-two', token: 'token', region: REGION },
    ],
    [
      'an empty token is none, an empty endpoint too',
      { ...key, TENCENTCLOUD_SESSION_TOKEN: '', TENCENTCLOUD_ENDPOINT: '' },
      { secretId: 'AKIDone', secretKey: 'key-of-one', region: REGION },
    ],
  ])('%s', (_what, env, expected) => {
    expect(readAccess(env, REGION)).toEqual(expected);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['nothing', {}],
    ['an id without a key', { TENCENTCLOUD_SECRET_ID: 'AKIDone' }],
    ['a key without an id', { TENCENTCLOUD_SECRET_KEY: 'key-of-one' }],
    ['empty texts', { TENCENTCLOUD_SECRET_ID: '', TENCENTCLOUD_SECRET_KEY: '' }],
  ])('%s is refused with both names and where to find them', (_what, env) => {
    const message = refusalMessage(env);
    expect(message).toMatch(/TENCENTCLOUD_SECRET_ID.*TENCENTCLOUD_SECRET_KEY.*API 密钥管理/s);
    expect(message).not.toMatch(/AKIDone|key-of-one/);
  });
});

/** Reads the access of an environment that must be refused; answers the message. */
function refusalMessage(env: Record<string, string | undefined>): string {
  try {
    readAccess(env, REGION);
  } catch (error) {
    expect(error).toBeInstanceOf(AccessError);
    expect(error).toMatchObject({ code: 'ACCESS' });
    return String(error);
  }
  return 'not refused';
}

describe('the endpoint, to which the signature of a key pair is sent', () => {
  test.each([
    'http://127.0.0.1:7100',
    'http://localhost:7100/',
    'http://[::1]:7100',
    'http://127.0.0.1',
  ])('%s is this machine', (endpoint) => {
    const access = readAccess({ ...key, TENCENTCLOUD_ENDPOINT: endpoint }, REGION);
    expect(access.endpoint).toEqual(new URL(endpoint));
  });

  // What is set, the part of it that is named.
  test.each([
    ['https://127.0.0.1:7100', '127.0.0.1:7100'],
    ['http://192.0.2.1:7100', '192.0.2.1:7100'],
    ['http://cloud.example.com', 'cloud.example.com'],
    ['http://localhost.example.com', 'localhost.example.com'],
    ['http://127.0.0.1.example.com', '127.0.0.1.example.com'],
    ['http://127.0.0.1@example.com', 'example.com'],
    ['http://0.0.0.0:7100', '0.0.0.0:7100'],
    ['ftp://127.0.0.1', '127.0.0.1'],
    ['127.0.0.1:7100', ''],
    ['localhost:7100', ''],
    ['no address', ''],
  ])('%s is refused, and the message names what to set', (endpoint, named) => {
    const message = refusalMessage({ ...key, TENCENTCLOUD_ENDPOINT: endpoint });
    expect(message).toContain(`TENCENTCLOUD_ENDPOINT=${named}: `);
    expect(message).toContain('http://127.0.0.1:7100');
    expect(message).not.toContain('key-of-one');
  });

  test('a password in it is not repeated', () => {
    const endpoint = 'http://user:password@example.com/';
    expect(refusalMessage({ ...key, TENCENTCLOUD_ENDPOINT: endpoint })).not.toContain('password');
  });
});

describe('the configuration of the SDK', () => {
  const access: Access = { secretId: 'AKIDone', secretKey: 'key-of-one', region: REGION };

  test('is the SDK’s own but for time-out, key pair and region', () => {
    expect(clientConfig(access, 'scf', 30)).toEqual({
      credential: { secretId: 'AKIDone', secretKey: 'key-of-one' },
      region: REGION,
      profile: { httpProfile: { reqTimeout: 30 } },
    });
    expect(clientConfig({ ...access, token: 'token' }, 'scf', 30).credential).toEqual({
      secretId: 'AKIDone',
      secretKey: 'key-of-one',
      token: 'token',
    });
  });

  test.each([
    ['http://127.0.0.1:7100', 'tcb.tencentcloudapi.com:7100'],
    ['http://127.0.0.1', 'tcb.tencentcloudapi.com:80'],
  ])('for %s keeps the service’s own name, which is signed', (endpoint, named) => {
    const { profile } = clientConfig({ ...access, endpoint: new URL(endpoint) }, 'tcb', 30);
    expect(profile?.httpProfile).toMatchObject({ protocol: 'http://', endpoint: named });
  });
});

test.each(['127.0.0.1', '::1'])('the agent reaches %s under any name', async (address) => {
  const server = createServer((_request, answer) => answer.end('here'));
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const host = address === '::1' ? '[::1]' : address;
  const agent = agentTo(new URL(`http://${host}:${port}`));
  const { get } = await import('node:http');
  const body = await new Promise<string>((resolve, reject) => {
    get({ host: 'scf.example.invalid', port, agent }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve);
    }).once('error', reject);
  });
  expect(body).toBe('here');
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
