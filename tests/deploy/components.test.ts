import { beforeEach, describe, expect, test } from 'vitest';
import { makeMask } from '../../infra/mask.ts';
import { childEnvironment } from '../../infra/serverless-tencent/components/child.ts';
import { failureOf } from '../../infra/serverless-tencent/components/failure.ts';
import { listManualSteps } from '../../infra/serverless-tencent/components/manualSteps.ts';
import {
  makeStatusFilter,
  stripEscapes,
} from '../../infra/serverless-tencent/components/output.ts';
import {
  listUnsupported,
  refuseCommand,
  refuseOptions,
} from '../../infra/serverless-tencent/components/refuse.ts';
import { inputsOf } from '../../infra/serverless-tencent/components/render.ts';
import type { CommandContext } from '../../infra/serverless-tencent/context/framework.ts';
import { chooseHooks } from '../../infra/serverless-tencent/hooks.ts';
import { readService } from '../../infra/serverless-tencent/service/service.ts';
import { functions, provider, secrets } from './componentsCase.ts';
import { testComponentsEngine } from './componentsEngine.ts';

// Every way that a run of the engine ends: components.long.test.ts (npm run test:all).
testComponentsEngine(/^a deploy makes/);

describe('what the engine cannot express', () => {
  const resolved = { ...functions, greet: { ...functions.greet, environment: { OWN: 'own' } } };
  const service = (more: object, ownFunction: object = {}) =>
    readService({
      service: 'shop',
      provider: { ...provider, ...more },
      functions: resolved,
      ...ownFunction,
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
    ['code caches', service({ codeCache: true }), ['provider.codeCache']],
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
  ])('%s', (_, described, refused) => {
    expect(listUnsupported(described).map((line) => line.split(': ')[0])).toEqual(refused);
  });

  test.each([
    [{ prune: true }, '--prune'],
    [{ adopt: true }, '--adopt'],
    [{ unset: 'KEY' }, '--unset'],
    [{ data: true }, '--data'],
    [{ watch: true }, '--watch'],
  ])('option %o', (options, text) => {
    expect(() => refuseOptions(options)).toThrow(text);
  });

  test('options that were not given are no options', () => {
    expect(() => refuseOptions({ stage: 'live', prune: false, unset: '' })).not.toThrow();
  });

  test('the list for a person: collection, indexes, rules, the callback route, storage', () => {
    const WXPAY_NOTIFY_URL = 'https://pay.example.com/hook';
    const list = listManualSteps(service({ environment: { WXPAY_NOTIFY_URL } })).join('\n');
    expect(list).toContain('orders: ADMINONLY');
    expect(list).toContain('refund_numbers (outRefundNos 1) unique sparse');
    expect(list).toContain(
      '"payCallback": {"invoke": false}, "closeStaleOrders": {"invoke": false}',
    );
    expect(list).toContain('/hook → payCallback');
    expect(list).toContain('PRIVATE');
    expect(listManualSteps(service({})).join('\n')).toContain('/pay/notify → payCallback');
  });

  test('inputs hold what the service sets and no empty part', () => {
    const described = service({});
    const [unifiedOrder] = described.functions;
    expect(unifiedOrder && inputsOf(described, unifiedOrder)).toEqual({
      name: 'unifiedOrder',
      src: './src',
      handler: 'index.main',
      runtime: 'Nodejs20.19',
      region: 'ap-shanghai',
      namespace: 'shop-1a2b3c',
      role: 'TCB_QcsRole',
      timeout: 15,
      memorySize: 256,
    });
  });
});

describe('which engine runs a command', () => {
  const ran: string[] = [];
  const hook = (name: string) => async () => {
    ran.push(name);
  };
  const hooks = (engine: string | undefined) =>
    chooseHooks(
      { framework: { service: { provider: { engine } } } } as unknown as CommandContext,
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
  ] as const)('%s, exit code %s, %s, %j: %s', (method, exitCode, stopped, lines, text) => {
    const ending = { exitCode, ...(stopped ? { stopped } : {}) };
    const failure = failureOf(method, ['a', 'b'], ending, lines);
    if (text === undefined) expect(failure).toBeUndefined();
    else expect(failure?.message).toContain(text);
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
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwgg==';
    const mask = makeMask(['c0ffee00', pem, secrets.OWN, 'prefix', 'prefix-longer', 'dev', '']);
    expect(mask(line)).toBe(shown);
  });

  test('a status is shown once however often it is drawn', () => {
    const isShown = makeStatusFilter();
    const drawn = [
      '\u001b[J',
      '\u001b[2K0s › shop › 部署 .',
      '1s › shop › 部署 ..',
      'done',
      '1s › shop › 完成',
    ];
    expect(drawn.map(stripEscapes).filter(isShown)).toEqual([
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
      PATH: '/bin',
      HOME: '/own',
      USERPROFILE: '/own',
      HTTPS_PROXY: 'http://proxy',
      CI: '1',
      TENCENT_SECRET_ID: 'id',
      TENCENT_SECRET_KEY: 'key',
      TENCENT_TOKEN: 'token',
      SERVERLESS_PLATFORM_VENDOR: 'tencent',
      SLS_TELEMETRY_DISABLED: '1',
      SLS_ANALYTICS_URL: 'http://127.0.0.1:9/',
    });
  });
});
