import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { resources } from '../../infra/resources.ts';
import { chosen } from '../support/chosen.ts';
import { writesOf } from '../support/deploy/deployCase.ts';
import { type CommandResult, runServerless } from '../support/deploy/serverless.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';

/**
 * Runs every command as a user types it, one after another on one cloud; `only` chooses by title.
 */
export function testCommandLine(only?: RegExp): void {
  const test = chosen(only);
  let cloud: LocalCloud;
  let home: string;
  let results: CommandResult[] = [];
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'command-line-'));
    cloud = await emptyLocalCloud({ WXPAY_PRICE_SOURCE: 'client' });
  });
  afterAll(async () => {
    await cloud.close();
    await rm(home, { recursive: true });
  });

  /** Runs a command against the cloud; another environment where it is given. */
  async function run(args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
    cloud.tencentcloud.forgetCalls();
    const result = await runServerless(
      home,
      { ...cloud.deployEnvironment(), ...env },
      process.cwd(),
      ...args,
    );
    results = [...results, result];
    return result;
  }
  const order = (outTradeNo: string) =>
    JSON.stringify({ outTradeNo, body: '咖啡', totalFee: 1990, openid: 'oPayer' });

  test('package makes one zip a function, of the bundle alone, and sends nothing', async () => {
    const { code, err, connections } = await run(['package']);
    expect([code, connections]).toEqual([0, 0]);
    expect(err).toContain('unifiedOrder');
    const zip = await readFile('dist/packages/queryOrder.zip');
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(zip.toString('latin1')).not.toContain('.map');
  });

  test('plan says what a deploy would do, and writes nothing', async () => {
    const { code, out } = await run(['plan']);
    expect(code).toBe(0);
    expect(out).toContain('collection orders');
    expect(out).toContain('function payCallback');
    expect(writesOf(cloud.tencentcloud)).toEqual([]);
    const dry = await run(['deploy', '--dry-run']);
    expect([dry.code, dry.out, writesOf(cloud.tencentcloud)]).toEqual([0, out, []]);
  });

  test('a refusal names the environment first and no vendor; doctor alone says what to type', async () => {
    const { code, out, err } = await run(['info', '--nosuch']);
    expect([code, out]).toEqual([1, expect.stringContaining('--nosuch')]);
    const refused = await run(['info', '--stage', 'prod']);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('.env.prod')]);
    const missing = await run(['plan'], { TCB_ENV_ID: '', TENCENTCLOUD_SECRET_ID: '' });
    expect([missing.code, missing.connections]).toEqual([1, 0]);
    expect(missing.err).toContain('环境 (environment) 未设置');
    expect(err + refused.err + missing.err).not.toMatch(/serverless\.com|github\.com/);
    expect((await run(['doctor'])).out).toContain('serverless doctor run');
  });

  test('deploy prints the notify URL and no secret; a second one writes nothing', async () => {
    const first = await run(['deploy']);
    expect(first.code).toBe(0);
    // Each address under its own setting: what is refunded is notified elsewhere.
    const refundUrl = cloud.notifyUrl.replace('/pay/', '/refund/');
    expect(first.err).toContain(`  支付通知地址 (WXPAY_NOTIFY_URL)  ${cloud.notifyUrl}`);
    expect(first.err).toContain(`  退款通知地址 (WXPAY_REFUND_NOTIFY_URL)  ${refundUrl}`);
    const { WXPAY_PRIVATE_KEY = '', WXPAY_API_V3_KEY = '' } = cloud.environment();
    expect(WXPAY_API_V3_KEY).toHaveLength(32);
    for (const secret of [WXPAY_PRIVATE_KEY, WXPAY_API_V3_KEY]) {
      expect(first.out + first.err).not.toContain(secret);
    }
    const second = await run(['deploy']);
    expect([second.code, writesOf(cloud.tencentcloud)]).toEqual([0, []]);
  });

  test('deploy function deploys that one alone', async () => {
    const { code } = await run(['deploy', 'function', '-f', 'unifiedOrder'], {
      WXPAY_ORDER_TTL: 'PT11M',
    });
    expect(code).toBe(0);
    expect(writesOf(cloud.tencentcloud)).toEqual([
      'UpdateFunctionConfiguration unifiedOrder',
      'PublishVersion unifiedOrder',
      'UpdateAlias unifiedOrder',
    ]);
  });

  test('info names every function with its version, timer and route', async () => {
    const { code, out } = await run(['info']);
    expect(code).toBe(0);
    expect(out).toContain(cloud.notifyUrl);
    expect(out).toMatch(/unifiedOrder\s+Active .* 2 \/ 1 2/);
    expect(out).toMatch(/closeStaleOrders .*0 \* \* \* \* \* \*/);
  });

  test('invoke reaches what was deployed, signed as the merchant’s server; logs show it', async () => {
    const unsigned = await run(['invoke', '-f', 'unifiedOrder', '-d', order('INVOKE001')]);
    expect(JSON.parse(unsigned.out)).toMatchObject({ errCode: 'CALLER_REFUSED' });
    const signed = await run([
      'invoke',
      '-f',
      'unifiedOrder',
      '--service',
      '-d',
      order('INVOKE002'),
    ]);
    expect(JSON.parse(signed.out)).toMatchObject({ errCode: 0, outTradeNo: 'INVOKE002' });
    const { requestId } = JSON.parse(signed.out) as { requestId: string };
    const logs = await run(['logs', '-f', 'unifiedOrder', '--filter', requestId]);
    expect(logs.out).toContain('INVOKE002');
    expect(logs.out).not.toContain('INVOKE001');
  });

  test('invoke local runs the built function here, against the environment’s database', async () => {
    const args = ['invoke', 'local', '-f', 'queryOrder', '--service'];
    const { code, out, err } = await run([...args, '-d', '{"outTradeNo":"INVOKE002"}']);
    expect([code, code === 0 ? '' : out + err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ errCode: 0, tradeState: 'NOTPAY' });
  });

  test('doctor finds nothing broken after a deploy, and names what somebody broke since', async () => {
    const sound = await run(['doctor', 'run']);
    expect([sound.code, sound.out]).toEqual([0, expect.stringContaining('错误 (broken) 0')]);
    expect(sound.out).toContain('NO_STATEMENT_EXIST');
    cloud.cloudbase.dropIndex('orders', 'refund_numbers');
    const { code, out } = await run(['doctor', 'run', '--json']);
    expect(code).toBe(1);
    const text = out.slice(out.indexOf('['), out.lastIndexOf(']') + 1);
    const findings = JSON.parse(text) as { level: string; what: string; fix?: string }[];
    const broken = findings.filter(({ level }) => level === 'broken');
    expect(broken).toHaveLength(1);
    expect(broken[0]?.what).toContain('refund_numbers');
    expect(writesOf(cloud.tencentcloud)).toEqual([]);
    const { WXPAY_PRIVATE_KEY = '' } = cloud.environment();
    expect(sound.out + out).not.toContain(WXPAY_PRIVATE_KEY);
  });

  test('--unset refuses what cannot be meant: a typo, and a key that is still set', async () => {
    const unset = (keys: string) =>
      run(['deploy', 'function', '-f', 'queryOrder', '--unset', keys]);
    const typo = await unset('WXPAY_LINK, WXPAY_PRICE_SOURC');
    expect([typo.code, typo.out]).toEqual([1, expect.stringContaining('WXPAY_LINK')]);
    const still = await unset('WXPAY_MCHID');
    expect([still.code, still.out]).toEqual([1, expect.stringContaining('WXPAY_MCHID')]);
    expect(writesOf(cloud.tencentcloud)).toEqual([]);
  });

  test('rollback function: the version before serves at once; the next deploy goes forward', async () => {
    const rollback = [
      'rollback',
      'function',
      '-f',
      'unifiedOrder',
      '--function-version',
      'previous',
    ];
    expect((await run(rollback)).code).toBe(0);
    const serving = () =>
      cloud.tencentcloud
        .deployed()
        .find(({ name, isDefault }) => isDefault && name === 'unifiedOrder');
    expect(serving()?.version).toBe('1');
    expect(serving()?.environment.WXPAY_ORDER_TTL).toBeUndefined();
    const unknown = await run([...rollback.slice(0, -1), '99']);
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('1, 2')]);
    await run(['deploy', 'function', '-f', 'unifiedOrder'], { WXPAY_ORDER_TTL: 'PT11M' });
    expect([serving()?.version, writesOf(cloud.tencentcloud)]).toEqual([
      '2',
      ['UpdateAlias unifiedOrder'],
    ]);
  });

  // Refusals of other kinds: cloud/*.test.ts, service/*.test.ts.
  test.each([
    ['a wrong key', { TENCENTCLOUD_SECRET_KEY: 'wrong' }, 'AuthFailure.SignatureFailure'],
    ['no environment', { TCB_ENV_ID: '' }, 'TCB_ENV_ID'],
    [
      'a key of which .env kept the first line',
      { WXPAY_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----' },
      'SETTING_UNREADABLE',
    ],
    ['an environment of somebody else', { TCB_ENV_ID: 'other-env' }, 'ENVIRONMENT_MISSING'],
    ['a cloud that is not there', { TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:9' }, 'ECONNREFUSED'],
  ])('deploy with %s says what to do and writes nothing', async (_what, env, text) => {
    const { code, out } = await run(['deploy', 'function', '-f', 'queryOrder'], env);
    expect([code, out]).toEqual([1, expect.stringContaining(text)]);
    expect(writesOf(cloud.tencentcloud)).toEqual([]);
  });

  test('remove keeps the orders, unless --data is given; then nothing is left', async () => {
    const afterRemove = await run(['remove', '--yes']);
    expect([afterRemove.code, afterRemove.err]).toEqual([0, expect.stringContaining('--data')]);
    expect(cloud.tencentcloud.deployed()).toEqual([]);
    expect(new Set(cloud.cloudbase.collections().map(({ name }) => name))).toEqual(
      new Set(Object.keys(resources.collections)),
    );
    expect((await run(['remove', '--data', '--yes'])).code).toBe(0);
    expect(cloud.cloudbase.collections()).toEqual([]);
  });

  test('no command connected to anything but this machine', () => {
    expect(results.length).toBeGreaterThan(only ? 5 : 15);
    expect(results.flatMap(({ foreign }) => foreign)).toEqual([]);
    expect(results.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(
      results.length,
    );
  });
}
