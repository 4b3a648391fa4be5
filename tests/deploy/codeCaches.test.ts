import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CloudError } from '../../infra/serverless-tencent/cloud/cloudError.ts';
import { deployAll, planAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { type BareCloud, ENV_ID, openBareCloud } from '../support/bareCloud.ts';
import { callOnce, runFolder } from '../support/codeCache.ts';
import { type Change, deploymentOf, deployTo, readSnapshot } from '../support/deploy/deployCase.ts';

const functions = { queryOrder: { handler: 'functions/queryOrder/index.main' } };
const plain: Change = { functions };
const cached: Change = { functions, provider: { codeCache: true } };
const renewed: Change = { ...cached, options: { renewCache: true } };

let run = runFolder;
let bare: BareCloud;
beforeEach(async () => {
  run = runFolder;
  bare = await openBareCloud((folder, event) => run(folder, event));
});
afterEach(() => bare.close());

const make = [
  'UpdateFunctionConfiguration queryOrder',
  'UpdateFunctionCode queryOrder',
  'UpdateFunctionCode queryOrder',
  'UpdateFunctionConfiguration queryOrder',
];
const publish = ['PublishVersion queryOrder', 'UpdateAlias queryOrder'];

async function stands() {
  const [fn] = (await readSnapshot(bare)).functions;
  return {
    latest: fn?.latest.Description,
    served: fn?.served.Description,
    serving: fn?.serving,
    versions: fn?.versions,
  };
}

/** Cold-starts what callers get. */
async function called() {
  const served = bare.tencentcloud.deployed().find(({ isDefault }) => isDefault);
  const folder = dirname(served?.file ?? '');
  const { answer, printed } = await callOnce(folder);
  const hasCache = await readFile(join(folder, 'bundle.cache')).then(
    () => true,
    () => false,
  );
  return { answer, printed, hasCache };
}

test('a first deploy stands plainly, and then with a cache; a second one writes nothing', async () => {
  const { writes } = await deployTo(bare, cached);
  expect(writes.filter((write) => write.endsWith(' queryOrder'))).toEqual([
    'CreateFunction queryOrder',
    ...publish,
    ...make,
    ...publish,
  ]);
  const { latest, served, serving, versions } = await stands();
  expect([served, serving, versions]).toEqual([latest, '2', ['1', '2']]);
  expect(latest).toMatch(/^wx\.pay, code [0-9a-f]{64}, cache$/);
  expect(await called()).toEqual({ answer: 'first', printed: [], hasCache: true });
  expect(await deployTo(bare, cached)).toEqual({ steps: [], writes: [] });
});

test('switched on and off over code that stands, callers move over once each time', async () => {
  await deployTo(bare, plain);
  expect((await deployTo(bare, cached)).writes).toEqual([...make, ...publish]);
  expect(await called()).toMatchObject({ answer: 'first', hasCache: true });
  expect((await deployTo(bare, plain)).writes).toEqual([
    'UpdateFunctionConfiguration queryOrder',
    'UpdateFunctionCode queryOrder',
    'UpdateFunctionConfiguration queryOrder',
    ...publish,
  ]);
  expect(await called()).toEqual({ answer: 'first', printed: [], hasCache: false });
});

test.each<[string, Change]>([
  ['code', { ...cached, code: { queryOrder: 'second' } }],
  [
    'memory, by which the platform sets its flags',
    { ...cached, provider: { codeCache: true, memorySize: 512 } },
  ],
  ['an environment variable', { ...cached, environment: { WXPAY_MCHID: '1900000110' } }],
])(
  'other %s: the cache is made anew, with it, before callers get either',
  async (_what, change) => {
    await deployTo(bare, cached);
    expect((await deployTo(bare, change)).writes).toEqual([...make, ...publish]);
    const { served, latest, versions } = await stands();
    expect([served, versions]).toEqual([latest, ['1', '2', '3']]);
    const answer = change.code?.queryOrder ?? 'first';
    expect(await called()).toEqual({ answer, printed: [], hasCache: true });
    expect(await deployTo(bare, change)).toEqual({ steps: [], writes: [] });
  },
);

test('--renew-cache makes the cache of the same code anew, once', async () => {
  await deployTo(bare, cached);
  expect((await deployTo(bare, renewed)).writes).toEqual([...make, ...publish]);
  expect(await deployTo(bare, cached)).toEqual({ steps: [], writes: [] });
});

test.each<[string, () => Awaited<ReturnType<typeof runFolder>>, RegExp]>([
  [
    'throws',
    () => ({ error: { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'no memory' } }),
    /no memory/,
  ],
  ['answers something else', () => ({ result: { errCode: 0 } }), /its answer is no code cache/],
  [
    'answers a cache of another bundle',
    () => ({ result: { made: { bundle: '00' }, cache: 'AAAA' } }),
    /no code cache/,
  ],
])(
  'where the maker %s the deploy goes on without a cache, and says why',
  async (_what, ran, reason) => {
    run = async () => ran();
    const { steps } = await deployTo(bare, cached);
    expect(steps.filter((step) => step.includes('without a code cache'))).toEqual([
      expect.stringMatching(reason),
    ]);
    expect(await called()).toEqual({ answer: 'first', printed: [], hasCache: false });
    const { latest, served } = await stands();
    expect([served, latest]).toEqual([latest, expect.stringMatching(/code [0-9a-f]{64}$/)]);
    // Callers keep what they have while the next deploy tries again.
    const { serving } = await stands();
    await deployTo(bare, cached);
    expect((await stands()).serving).toBe(serving);
    run = runFolder;
    await deployTo(bare, cached);
    expect(await called()).toEqual({ answer: 'first', printed: [], hasCache: true });
  },
);

test('who may not invoke functions deploys without a cache', async () => {
  const { cloud } = bare;
  const refusing = {
    ...cloud,
    scf: async (action: string, request: object) => {
      if (action !== 'InvokeFunction') return cloud.scf(action as 'GetFunction', request as never);
      throw new CloudError('scf.InvokeFunction', { code: 'UnauthorizedOperation', message: 'no' });
    },
  } as typeof cloud;
  const steps = await deployAll(deploymentOf(refusing, cached), {
    onStart: () => {},
    onDone: () => {},
  });
  expect(steps.map(({ action }) => action).filter((action) => action.includes('without'))).toEqual([
    expect.stringContaining('UnauthorizedOperation'),
  ]);
  expect(await called()).toEqual({ answer: 'first', printed: [], hasCache: false });
});

test('callers never get the maker: what they got is published before it is edited', async () => {
  await deployTo(bare, plain);
  const address = { FunctionName: 'queryOrder', Namespace: ENV_ID };
  await bare.cloud.scf('UpdateAlias', { ...address, Name: '$DEFAULT', FunctionVersion: '$LATEST' });
  const seen: unknown[] = [];
  run = async (folder, event) => {
    seen.push((await called()).answer);
    return runFolder(folder, event);
  };
  await deployTo(bare, cached);
  expect(seen).toEqual(['first']);
  expect(await called()).toMatchObject({ answer: 'first', hasCache: true });
});

test('a plan tells of it and writes nothing', async () => {
  await deployTo(bare, plain);
  bare.tencentcloud.forgetCalls();
  const { steps } = await planAll(deploymentOf(bare.cloud, cached));
  expect(steps.map(({ action }) => action)).toEqual([expect.stringContaining('code cache')]);
  expect(bare.tencentcloud.calls().filter(({ write }) => write)).toEqual([]);
});
