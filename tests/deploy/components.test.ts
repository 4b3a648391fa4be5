import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setUpByHand } from '../../infra/serverless-tencent/components/byHand.ts';
import { childEnvironment } from '../../infra/serverless-tencent/components/child.ts';
import { byEngine } from '../../infra/serverless-tencent/components/commands.ts';
import { masker } from '../../infra/serverless-tencent/components/mask.ts';
import { plain, statusOnce } from '../../infra/serverless-tencent/components/output.ts';
import {
  refuseCommand,
  refusedParts,
  refuseOptions,
} from '../../infra/serverless-tencent/components/refuse.ts';
import { inputsOf } from '../../infra/serverless-tencent/components/render.ts';
import { failureOf } from '../../infra/serverless-tencent/components/verdict.ts';
import type { Session } from '../../infra/serverless-tencent/framework.ts';
import { readService } from '../../infra/serverless-tencent/service/service.ts';
import { makeProject, type Project } from '../support/components/project.ts';
import { type ComponentsPlatform, startComponentsPlatform } from '../support/componentsPlatform.ts';

const pem = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0B', 'AQEFAASCBKcwgg=='].join(
  '\n',
);
/** What no output may hold; set by the shell, as a merchant does. */
const secrets = {
  WXPAY_API_V3_KEY: 'c0ffee'.repeat(5),
  WXPAY_PRIVATE_KEY: pem,
  OWN: 'a "quoted" one',
};

/** A value of the shell, as `serverless.yml` takes it. */
const shell = (key: string) => `\${env:${key}, ''}`;

const functions = {
  unifiedOrder: { handler: 'functions/unifiedOrder/index.main', timeout: 15 },
  payCallback: { handler: 'functions/payCallback/index.main', memorySize: 128 },
  closeStaleOrders: {
    handler: 'functions/closeStaleOrders/index.main',
    events: [{ timer: { name: 'every-minute', cron: '0 * * * * * *' } }],
  },
  greet: {
    handler: 'functions/greet/index.main',
    environment: { OWN: shell('OWN') },
    events: [{ timer: { name: 'at-noon', cron: '0 0 12 * * * *', enabled: false } }],
  },
};
const provider = {
  ...{ name: 'tencent', engine: 'components', envId: 'shop-1a2b3c', stage: 'live' },
  ...{ region: 'ap-shanghai', runtime: 'Nodejs20.19' },
};
const yml = {
  ...{ service: 'shop', configValidationMode: 'error', functions },
  provider: {
    ...provider,
    environment: {
      WXPAY_API_V3_KEY: shell('WXPAY_API_V3_KEY'),
      WXPAY_PRIVATE_KEY: shell('WXPAY_PRIVATE_KEY'),
    },
  },
};
const names = Object.keys(functions).sort();

describe('through the command line and the real engine', () => {
  let platform: ComponentsPlatform;
  let project: Project;
  beforeEach(async () => {
    platform = await startComponentsPlatform();
    project = await makeProject(platform, yml);
  });
  afterEach(async () => {
    await project.close();
    await platform.close();
  });

  /** Runs a command and checks what holds however it ends. */
  async function run(args: string[], env: Record<string, string> = {}) {
    const { code, text } = await project.serverless(args, { ...secrets, ...env });
    expect(await project.leftovers()).toEqual([]);
    const values = [...Object.values(secrets), ...Object.values(platform.keys)];
    for (const line of [...values, ...Object.values(env)].flatMap((value) => value.split('\n'))) {
      expect(text).not.toContain(line);
      expect(platform.seen.inTheOpen.join('\n')).not.toContain(line);
    }
    // Notices of the engine are sent where nothing listens.
    expect([...platform.seen.refused].filter((target) => target !== '127.0.0.1:9')).toEqual([]);
    const { host } = new URL(platform.proxyUrl);
    expect((await project.connections()).filter((target) => target !== host)).toEqual([]);
    return { code, text };
  }

  test('a deploy makes every function stand as packaged, the next uploads nothing, a removal leaves nothing', async () => {
    const first = await run(['deploy']);
    expect(first).toMatchObject({ code: 0, text: expect.stringContaining('未知') });
    expect(first.text).toContain('集合 (collection) orders: ADMINONLY');
    const standing = platform.standing();
    expect([...standing.keys()].sort()).toEqual(names);
    for (const [name, { app, stage, component, files }] of standing) {
      expect({ app, stage, component }).toEqual({ app: 'shop', stage: 'live', component: 'scf' });
      const zip = unzipSync(await readFile(join(project.root, 'dist/packages', `${name}.zip`)));
      expect([...files.keys()]).toEqual(['index.js']);
      expect(Buffer.from(files.get('index.js') ?? '')).toEqual(Buffer.from(zip['index.js'] ?? ''));
    }
    const link = {
      WXPAY_API_V3_KEY: secrets.WXPAY_API_V3_KEY,
      WXPAY_PRIVATE_KEY: secrets.WXPAY_PRIVATE_KEY,
    };
    expect(
      [...standing].map(([name, { inputs }]) => [name, inputs.environment, inputs.events]).sort(),
    ).toEqual([
      ['closeStaleOrders', { variables: link }, timer('every-minute', '0 * * * * * *', true)],
      ['greet', { variables: { OWN: secrets.OWN } }, timer('at-noon', '0 0 12 * * * *', false)],
      ['payCallback', { variables: link }, undefined],
      ['unifiedOrder', { variables: link }, undefined],
    ]);
    expect(platform.seen.uploads).toBe(names.length);

    expect(await run(['deploy'])).toMatchObject({ code: 0 });
    expect(platform.seen.uploads).toBe(names.length);

    expect(await run(['remove'])).toMatchObject({ code: 0 });
    expect([...platform.standing().keys()]).toEqual([]);
    expect(platform.seen).toMatchObject({ unverified: 0, verified: expect.any(Number) });
    expect(platform.seen.verified).toBeGreaterThan(60);
    expect(await project.connections()).toEqual([new URL(platform.proxyUrl).host]);
    // Nothing of the engine's stays in the home of the user.
    expect(await readdir(join(project.root, 'home/.serverless/tencent'))).toEqual(['credentials']);
  }, 120_000);

  test('a wrong key is refused, and nothing stands', async () => {
    const { code, text } = await run(['deploy'], { TENCENTCLOUD_SECRET_KEY: 'not-the-secret-key' });
    expect(code).not.toBe(0);
    expect(text).toContain('退出码 1');
    expect(text).toContain('TENCENTCLOUD_SECRET_KEY');
    expect(platform.seen).toMatchObject({ verified: 0, unverified: expect.any(Number) });
    expect(platform.seen.unverified).toBeGreaterThan(0);
    expect(platform.standing().size).toBe(0);
  }, 60_000);

  test('one function that fails is named, the others are told as deployed, what it repeats is hidden', async () => {
    platform.faults.failing.add('greet');
    const { code, text } = await run(['deploy']);
    expect(code).not.toBe(0);
    expect(text).toContain('未确认 (not confirmed): greet');
    expect(text).toContain('已完成 (done): unifiedOrder, payCallback, closeStaleOrders');
    expect(text).toMatch(/greet: cannot create with .*\*\*\*/);
    expect([...platform.standing().keys()].sort()).toEqual(
      names.filter((name) => name !== 'greet'),
    );
    platform.faults.failing.clear();
    expect(await run(['deploy'])).toMatchObject({ code: 0 });
    expect([...platform.standing().keys()].sort()).toEqual(names);
    platform.faults.stuck.add('greet');
    const removal = await run(['remove']);
    expect(removal.code).not.toBe(0);
    expect(removal.text).toContain('greet: in use');
  }, 90_000);

  test('an account without the role: the engine leaves with 0, the deploy fails all the same', async () => {
    platform.faults.withoutRole = true;
    const { code, text } = await run(['deploy']);
    expect(code).not.toBe(0);
    expect(text).toContain('退出码是 0，但平台没有确认全部函数');
    expect(platform.standing().size).toBe(0);
  }, 60_000);

  test('a role-bind host that answers 502 crashes the engine, and the error says so', async () => {
    platform.faults.badGateway = true;
    const { code, text } = await run(['deploy']);
    expect(code).not.toBe(0);
    expect(text).toContain('角色绑定服务');
    expect(text).toContain('engine: api');
    expect(platform.standing().size).toBe(0);
  }, 60_000);

  test('expired temporary keys end the run instead of a QR code that nobody scans', async () => {
    platform.keys.token = 'the-token-of-today';
    const { code, text } = await run(['deploy'], {
      TENCENTCLOUD_SESSION_TOKEN: 'one-of-yesterday',
    });
    expect(code).not.toBe(0);
    expect(text).toContain('密钥已过期');
    const today = { TENCENTCLOUD_SESSION_TOKEN: platform.keys.token };
    expect(await run(['deploy'], today)).toMatchObject({ code: 0 });
  }, 90_000);

  test('an http event is refused by name, and nothing is sent', async () => {
    const events = [{ http: { path: '/pay/notify' } }];
    const withRoute = { ...functions, payCallback: { ...functions.payCallback, events } };
    await project.close();
    project = await makeProject(platform, { ...yml, functions: withRoute });
    const { code, text } = await run(['deploy']);
    expect(code).not.toBe(0);
    expect(text).toContain('functions.payCallback.events.http /pay/notify');
    expect(text).toContain('--config');
    expect(platform.seen.asked.size).toBe(0);
  }, 60_000);

  test.each([[['deploy', 'function', '-f', 'greet']], [['deploy', '--prune']]])(
    'serverless %j is refused by name, and nothing is sent',
    async (args) => {
      const { code, text } = await project.serverless(args, secrets);
      expect(code).not.toBe(0);
      expect(text).toContain(
        args.at(-1)?.startsWith('--') ? '--prune' : args.slice(0, 2).join(' '),
      );
      expect(text).toContain('engine: components');
      expect(platform.seen.asked.size).toBe(0);
    },
    60_000,
  );

  test('an interrupted deploy waits for the engine, says so, and leaves no file behind', async () => {
    platform.faults.polls = 1_000;
    const { child, ended } = project.start(['deploy'], secrets);
    while (!platform.seen.actions.includes('GetInstance')) await wait(20);
    const written = await project.leftovers();
    expect(written.join('\n')).toContain('greet/serverless.json');
    for (const path of written) {
      expect((await stat(join(project.root, path))).mode & 0o077, path).toBe(0);
    }
    child.kill('SIGTERM');
    const { code, text } = await ended;
    expect(code).not.toBe(0);
    expect(text).toContain('被中断');
    expect(await project.leftovers()).toEqual([]);
  }, 60_000);
});

function timer(name: string, cronExpression: string, enable: boolean) {
  return [{ timer: { name, parameters: { name, cronExpression, enable } } }];
}

describe('what the engine cannot express', () => {
  const resolved = { ...functions, greet: { ...functions.greet, environment: { OWN: 'own' } } };
  const service = (more: object, own: object = {}) =>
    readService({
      ...{ service: 'shop', provider: { ...provider, ...more }, functions: resolved },
      ...own,
    });
  const greet = (more: object) => ({ functions: { greet: { ...resolved.greet, ...more } } });
  const env = { environment: { LINE: `a\${stage}b` } };
  const named = (name: string) => ({
    functions: { [name]: { handler: `functions/${name}/index.main` } },
  });
  test.each([
    ['nothing', service({}), []],
    ['a domain', service({ domain: 'pay.example.com' }), ['provider.domain']],
    ['storage', service({ storage: 'keep' }), ['provider.storage']],
    [
      'own collections',
      service({}, { collections: { carts: { acl: 'PRIVATE' } } }),
      ['collections.carts'],
    ],
    ['access', service({}, greet({ access: 'none' })), ['functions.greet.access']],
    [
      'a route',
      service({}, greet({ events: [{ http: { path: '/hello' } }] })),
      ['functions.greet.events.http /hello'],
    ],
    ['a value with ${', service({}, greet(env)), ['functions.greet.environment.LINE']],
    ['a name of its own', service({}, named('stage')), ['functions.stage']],
  ])('%s', (_, asked, refused) => {
    expect(refusedParts(asked).map((line) => line.split(': ')[0])).toEqual(refused);
  });

  test.each([
    [{ prune: true }, '--prune'],
    [{ adopt: true }, '--adopt'],
    [{ unset: 'KEY' }, '--unset'],
    [{ data: true }, '--data'],
    [{ watch: true }, '--watch'],
  ])('option %o', (options, said) => {
    expect(() => refuseOptions(options)).toThrow(said);
  });

  test('options that were not given are no options', () => {
    expect(() => refuseOptions({ stage: 'live', prune: false, unset: '' })).not.toThrow();
  });

  test('the list for a person: collection, indexes, rules, the callback route, storage', () => {
    const WXPAY_NOTIFY_URL = 'https://pay.example.com/hook';
    const list = setUpByHand(service({ environment: { WXPAY_NOTIFY_URL } })).join('\n');
    expect(list).toContain('orders: ADMINONLY');
    expect(list).toContain('refund_numbers (outRefundNos 1) unique sparse');
    expect(list).toContain(
      '"payCallback": {"invoke": false}, "closeStaleOrders": {"invoke": false}',
    );
    expect(list).toContain('/hook → payCallback');
    expect(list).toContain('PRIVATE');
    expect(setUpByHand(service({})).join('\n')).toContain('/pay/notify → payCallback');
  });

  test('inputs hold what the service sets and no empty part', () => {
    const asked = service({});
    const [unifiedOrder] = asked.functions;
    expect(unifiedOrder && inputsOf(asked, unifiedOrder)).toEqual({
      ...{ name: 'unifiedOrder', src: './src', handler: 'index.main', runtime: 'Nodejs20.19' },
      ...{ region: 'ap-shanghai', namespace: 'shop-1a2b3c', role: 'TCB_QcsRole' },
      ...{ timeout: 15, memorySize: 256 },
    });
  });
});

describe('which engine runs a command', () => {
  const ran: string[] = [];
  const hook = (name: string) => async () => {
    ran.push(name);
  };
  const hooks = (engine: string | undefined) =>
    byEngine(
      { framework: { service: { provider: { engine } } } } as unknown as Session,
      {
        'before:package:createDeploymentArtifacts': hook('package'),
        'deploy:deploy': hook('api deploy'),
        'rollback:function:rollback': hook('api rollback'),
      },
      { 'deploy:deploy': hook('components deploy') },
    );
  beforeEach(() => ran.splice(0));

  test.each([
    [undefined, 'deploy:deploy', 'api deploy'],
    ['api', 'deploy:deploy', 'api deploy'],
    ['api', 'rollback:function:rollback', 'api rollback'],
    ['components', 'before:package:createDeploymentArtifacts', 'package'],
    ['components', 'deploy:deploy', 'components deploy'],
  ])('engine %s, %s: %s', async (engine, event, what) => {
    await hooks(engine)[event]?.();
    expect(ran).toEqual([what]);
  });

  test('a command that the engine lacks is refused by the name it has on the command line', async () => {
    const run = hooks('components')['rollback:function:rollback'];
    await expect(run?.()).rejects.toThrow('serverless rollback function');
    expect(ran).toEqual([]);
    expect(() => refuseCommand('doctor')).toThrow('serverless doctor');
  });
});

describe('what is believed of a run', () => {
  const both = ['a 部署成功:', 'b 部署成功:', '2s › shop › 已成功部署组件2个'];
  test.each([
    ['deploy', 0, undefined, both, undefined],
    ['deploy', 1, undefined, both, '退出码 1'],
    ['deploy', 0, undefined, both.slice(0, 2), '退出码是 0'],
    ['deploy', 0, undefined, [], '未确认 (not confirmed): a, b'],
    ['deploy', 1, undefined, both.slice(0, 1), '已完成 (done): a'],
    ['deploy', 0, 'interrupted', both, '被中断'],
    ['deploy', null, 'login', [], '扫码'],
    ['deploy', null, undefined, [], '被终止'],
    ['remove', 0, undefined, ['已成功移除组件2个'], undefined],
    ['remove', 0, undefined, ['已成功移除组件1个'], '退出码是 0'],
    ['remove', 0, undefined, both, '退出码是 0'],
  ] as const)('%s, exit code %s, %s, %j: %s', (method, exitCode, stopped, lines, said) => {
    const ending = { exitCode, ...(stopped ? { stopped } : {}) };
    const failure = failureOf(method, ['a', 'b'], ending, lines);
    if (said === undefined) expect(failure).toBeUndefined();
    else expect(failure?.message).toContain(said);
  });
});

describe('what is shown', () => {
  test.each([
    ['key=c0ffee00', 'key=***'],
    [`{"k":"MIIEvQIBADANBgkqhkiG9w0B\\nAQEFAASCBKcwgg=="}`, '{"k":"***\\n***"}'],
    ['AQEFAASCBKcwgg%3D%3D', '***'],
    ['{"OWN":"a \\"quoted\\" one"}', '{"OWN":"***"}'],
    ['region ap-shanghai', 'region ap-shanghai'],
    ['prefix-longer', '***'],
    ['dev', 'dev'],
  ])('%s is shown as %s', (line, shown) => {
    const mask = masker(['c0ffee00', pem, secrets.OWN, 'prefix', 'prefix-longer', 'dev', '']);
    expect(mask(line)).toBe(shown);
  });

  test('a status is shown once however often it is drawn', () => {
    const isShown = statusOnce();
    const drawn = [
      '\u001b[J',
      '\u001b[2K0s › shop › 部署 .',
      '1s › shop › 部署 ..',
      'done',
      '1s › shop › 完成',
    ];
    expect(drawn.map(plain).filter(isShown)).toEqual([
      '0s › shop › 部署',
      'done',
      '1s › shop › 完成',
    ]);
  });

  test('the engine gets its own names for the key pair, the proxy, and nothing else of the shell', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/me',
      HTTPS_PROXY: 'http://proxy',
      WXPAY_MCHID: '19',
    };
    const access = { secretId: 'id', secretKey: 'key', token: 'token', region: 'ap-shanghai' };
    expect(childEnvironment(env, access, '/own')).toEqual({
      ...{ PATH: '/bin', HOME: '/own', USERPROFILE: '/own', HTTPS_PROXY: 'http://proxy', CI: '1' },
      ...{ TENCENT_SECRET_ID: 'id', TENCENT_SECRET_KEY: 'key', TENCENT_TOKEN: 'token' },
      ...{ SERVERLESS_PLATFORM_VENDOR: 'tencent', SLS_TELEMETRY_DISABLED: '1' },
      SLS_ANALYTICS_URL: 'http://127.0.0.1:9/',
    });
  });
});
