import { createRequire } from 'node:module';
import type { CreateFunctionRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../server.ts';
import {
  type DataPlace,
  ENV_ID,
  type Harness,
  newDataPlace,
  startHarness,
  zipOf,
} from '../harness.ts';

let place: DataPlace;
let harness: Harness;

beforeEach(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place);
});
afterEach(async () => {
  await harness.close();
  await place.remove();
});

const Namespace = ENV_ID;
const pay = { FunctionName: 'pay', Namespace };
const codeSaying = (code: string) => ({
  ZipFile: zipOf({ 'index.js': `exports.main = () => '${code}';` }),
});
const aFunction = {
  ...pay,
  Code: codeSaying('one'),
  Handler: 'index.main',
  Runtime: 'Nodejs20.19',
  Role: 'TCB_QcsRole',
  Stamp: 'MINI_QCBASE',
  Environment: { Variables: [{ Key: 'MCHID', Value: '1900000109' }] },
};

/** The code of a refusal, or `answered`. */
const verdict = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

async function statusOf(qualifier = '$LATEST') {
  return (await harness.scf.GetFunction({ ...pay, Qualifier: qualifier })).Status;
}
const becomes = (status: string, qualifier?: string) =>
  expect.poll(() => statusOf(qualifier), { interval: 2 }).toBe(status);

async function created(change: object = {}) {
  await harness.scf.CreateFunction({ ...aFunction, ...change } as CreateFunctionRequest);
  await becomes('Active');
}
async function updated(code: string) {
  await harness.scf.UpdateFunctionCode({ ...pay, ...codeSaying(code) });
  await becomes('Active');
}
async function published(Description = '') {
  const { FunctionVersion = '' } = await harness.scf.PublishVersion({ ...pay, Description });
  await becomes('Active', FunctionVersion);
  return FunctionVersion;
}

const load = createRequire(import.meta.url);
/** Runs each deployed version's file, and reads what it answers. */
const saying = () =>
  harness.cloud
    .deployed()
    .map(({ version, isDefault, file }) => [version, isDefault, load(file).main()]);

describe('a function', () => {
  test('is created, read back and listed with all that was sent', async () => {
    await created({ Description: '下单 unifiedOrder, v1.', Timeout: 20, MemorySize: 256 });
    const found = await harness.scf.GetFunction(pay);
    expect(found).toMatchObject({
      FunctionName: 'pay',
      Namespace: ENV_ID,
      FunctionVersion: '$LATEST',
      Status: 'Active',
      Description: '下单 unifiedOrder, v1.',
      Timeout: 20,
      MemorySize: 256,
      Triggers: [],
      Handler: 'index.main',
      Runtime: 'Nodejs20.19',
      Role: 'TCB_QcsRole',
      Type: 'Event',
      Stamp: 'MINI_QCBASE',
      InstallDependency: 'FALSE',
      Environment: aFunction.Environment,
      CodeSize: Buffer.from(aFunction.Code.ZipFile, 'base64').length,
      ModTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
    const listed = await harness.scf.ListFunctions({ Namespace, SearchKey: 'pa' });
    expect(listed).toMatchObject({ TotalCount: 1, Functions: [{ FunctionName: 'pay' }] });
    const others = await harness.scf.ListFunctions({ Namespace, Description: '退款' });
    expect(others).toMatchObject({ TotalCount: 0, Functions: [] });
  });

  test.each([
    ['MINI_QCBASE', true],
    ['SCF', false],
    [undefined, false],
  ])('made with the stamp %s is callable by CloudBase: %s', async (Stamp, callable) => {
    const { Stamp: _, ...plain } = aFunction;
    await harness.scf.CreateFunction({ ...plain, ...(Stamp && { Stamp }) });
    await becomes('Active');
    await updated('two');
    await published();
    expect(harness.cloud.deployed()).toMatchObject([{ callable }, { callable }]);
  });

  test('has 3 s and 128 MB unless the request has others', async () => {
    await created();
    expect(await harness.scf.GetFunction(pay)).toMatchObject({ Timeout: 3, MemorySize: 128 });
  });

  test('runs the code that was uploaded, and nothing before it is Active', async () => {
    const release = harness.hold();
    await harness.scf.CreateFunction(aFunction);
    expect(harness.cloud.deployed()).toEqual([]);
    release();
    await becomes('Active');
    expect(saying()).toEqual([['$LATEST', true, 'one']]);
    expect(harness.cloud.deployed()).toMatchObject([
      { name: 'pay', timeoutMs: 3000, memoryMb: 128, environment: { MCHID: '1900000109' } },
    ]);
  });

  test('runs its code before the update until the update is done', async () => {
    await created();
    const release = harness.hold();
    await harness.scf.UpdateFunctionCode({ ...pay, Code: codeSaying('two') });
    expect(await statusOf()).toBe('Updating');
    expect(saying()).toEqual([['$LATEST', true, 'one']]);
    const before = harness.changes();
    release();
    await becomes('Active');
    expect(saying()).toEqual([['$LATEST', true, 'two']]);
    expect(harness.changes()).toBe(before + 1);
  });

  test('has its environment replaced as a whole, and only where one is given', async () => {
    await created();
    await harness.scf.UpdateFunctionConfiguration({ ...pay, Timeout: 60, Role: 'Other' });
    await becomes('Active');
    const kept = await harness.scf.GetFunction(pay);
    expect(kept).toMatchObject({ Timeout: 60, Role: 'Other', Environment: aFunction.Environment });
    const Environment = { Variables: [{ Key: 'NEW', Value: '1' }] };
    await harness.scf.UpdateFunctionConfiguration({ ...pay, Environment });
    await becomes('Active');
    expect(await harness.scf.GetFunction(pay)).toMatchObject({ Timeout: 60, Environment });
    expect(harness.cloud.deployed()).toMatchObject([{ environment: { NEW: '1' } }]);
  });

  test('keeps its runtime', async () => {
    await created();
    const call = harness.scf.UpdateFunctionConfiguration({ ...pay, Runtime: 'Nodejs18.15' });
    await expect(call).rejects.toMatchObject({
      code: 'InvalidParameterValue.Runtime',
      message: expect.stringContaining('函数Runtime不支持修改'),
    });
    const same = harness.scf.UpdateFunctionConfiguration({ ...pay, Runtime: 'Nodejs20.19' });
    expect(await verdict(same)).toBe('answered');
  });

  test('is gone with versions, aliases and triggers once deleted, and can come again', async () => {
    await created();
    await published();
    await harness.scf.DeleteFunction(pay);
    expect(harness.cloud.deployed()).toEqual([]);
    expect(await verdict(harness.scf.GetFunction(pay))).toBe('ResourceNotFound.Function');
    await created();
    expect((await harness.scf.ListVersionByFunction(pay)).FunctionVersion).toEqual(['$LATEST']);
  });

  test.each([
    ['GetFunction', 'ResourceNotFound.Function'],
    ['UpdateFunctionCode', 'ResourceNotFound.Function'],
    ['UpdateFunctionConfiguration', 'ResourceNotFound.Function'],
    ['DeleteFunction', 'ResourceNotFound.Function'],
    ['PublishVersion', 'ResourceNotFound.Function'],
    ['ListVersionByFunction', 'ResourceNotFound.Function'],
    ['ListAliases', 'ResourceNotFound.Function'],
    ['ListTriggers', 'ResourceNotFound.Function'],
    ['Invoke', 'ResourceNotFound.Function'],
    ['InvokeFunction', 'ResourceNotFound.Function'],
  ])('that is not there: %s', async (action, expected) => {
    expect(await verdict(harness.common.request(action, pay))).toBe(expected);
  });

  test.each([
    [undefined, 'ResourceNotFound.Namespace'],
    ['default', 'ResourceNotFound.Namespace'],
    [ENV_ID, 'answered'],
  ])('namespace %s', async (name, expected) => {
    const params = name === undefined ? {} : { Namespace: name };
    expect(await verdict(harness.scf.ListFunctions(params))).toBe(expected);
  });
});

describe('one write at a time', () => {
  test('while a function is created, every write on it waits', async () => {
    const release = harness.hold();
    await harness.scf.CreateFunction(aFunction);
    const code = 'FailedOperation.FunctionStatusError';
    const timer = { ...pay, TriggerName: 't', Type: 'timer', TriggerDesc: '0 * * * * * *' };
    const all = { ...timer, Name: 'a', Qualifier: '1', FunctionVersion: '$LATEST', Enable: 'OPEN' };
    const refused = {
      UpdateFunctionCode: 'FailedOperation.UpdateFunctionCode',
      UpdateFunctionConfiguration: code,
      DeleteFunction: code,
      PublishVersion: code,
      DeleteFunctionVersion: code,
      CreateAlias: code,
      UpdateAlias: code,
      DeleteAlias: code,
      CreateTrigger: code,
      UpdateTrigger: code,
      UpdateTriggerStatus: code,
      DeleteTrigger: code,
      CreateFunction: 'ResourceInUse.Function',
    };
    const answers = await Promise.all(
      Object.keys(refused).map(async (action) => [
        action,
        await verdict(harness.common.request(action, { ...aFunction, ...all })),
      ]),
    );
    expect(Object.fromEntries(answers)).toEqual(refused);
    expect(await verdict(harness.scf.Invoke(pay))).toBe(code);
    release();
    await becomes('Active');
  });

  test('the second of two updates at once is refused, after the first it is not', async () => {
    await created();
    const release = harness.hold();
    const update = () => verdict(harness.scf.UpdateFunctionConfiguration({ ...pay, Timeout: 9 }));
    const both = await Promise.all([update(), update()]);
    expect(both.sort()).toEqual(['FailedOperation.FunctionStatusError', 'answered']);
    release();
    await becomes('Active');
    expect(await update()).toBe('answered');
  });

  test('work that comes to nothing leaves what ran before', async () => {
    harness.world.faults.set([{ at: 'scf.Creating', kind: 'error', times: 1 }]);
    await harness.scf.CreateFunction(aFunction);
    await becomes('CreateFailed');
    expect(harness.cloud.deployed()).toEqual([]);
    const update = () => harness.scf.UpdateFunctionCode({ ...pay, ...codeSaying('two') });
    expect(await verdict(update())).toBe('FailedOperation.UpdateFunctionCode');
    await harness.scf.DeleteFunction(pay);
    await created();
    harness.world.faults.set([
      { at: 'scf.Updating', kind: 'error', times: 1 },
      { at: 'scf.Publishing', kind: 'error', times: 1 },
    ]);
    await update();
    await becomes('UpdateFailed');
    expect(saying()).toEqual([['$LATEST', true, 'one']]);
    const publish = () => harness.scf.PublishVersion(pay);
    expect(await verdict(publish())).toBe('FailedOperation.FunctionStatusError');
    await update();
    await becomes('Active');
    await publish();
    await becomes('PublishFailed', '1');
    expect(saying()).toEqual([['$LATEST', true, 'two']]);
  });
});

test('an update that fails leaves code and configuration of before in $LATEST', async () => {
  await created({ Description: 'before', Timeout: 9 });
  const before = await harness.scf.GetFunction(pay);
  const fail = () => harness.world.faults.set([{ at: 'scf.Updating', kind: 'error', times: 1 }]);
  fail();
  await harness.scf.UpdateFunctionConfiguration({ ...pay, Description: 'after', Timeout: 60 });
  await becomes('UpdateFailed');
  fail();
  await harness.scf.UpdateFunctionCode({ ...pay, ...codeSaying('two') });
  await expect.poll(() => harness.world.faults.list()[0]?.times, { interval: 2 }).toBe(0);
  await becomes('UpdateFailed');
  const { Description, Timeout, CodeSize, ModTime } = before;
  expect(await harness.scf.GetFunction(pay)).toMatchObject({
    Description,
    Timeout,
    CodeSize,
    ModTime,
    Environment: aFunction.Environment,
    Status: 'UpdateFailed',
  });
  // What is changed next is changed from there: nothing of the failed updates comes with it.
  await harness.scf.UpdateFunctionConfiguration({ ...pay, MemorySize: 256 });
  await becomes('Active');
  expect(await harness.scf.GetFunction(pay)).toMatchObject({
    Description,
    Timeout,
    MemorySize: 256,
  });
  expect(await published()).toBe('1');
  expect(saying()).toEqual([
    ['$LATEST', true, 'one'],
    ['1', false, 'one'],
  ]);
});

describe('versions and aliases', () => {
  test('a version keeps code and configuration; $DEFAULT decides which one runs', async () => {
    await created();
    const alias = await harness.scf.GetAlias({ ...pay, Name: '$DEFAULT' });
    expect(alias).toMatchObject({ Name: '$DEFAULT', FunctionVersion: '$LATEST' });
    expect(await published('第一版, first.')).toBe('1');
    await updated('two');
    expect(await published()).toBe('2');
    expect(saying()).toEqual([
      ['$LATEST', true, 'two'],
      ['1', false, 'one'],
      ['2', false, 'two'],
    ]);
    await harness.scf.UpdateAlias({ ...pay, Name: '$DEFAULT', FunctionVersion: '1' });
    expect(saying()).toContainEqual(['1', true, 'one']);
    expect(await harness.scf.GetFunction({ ...pay, Qualifier: '$DEFAULT' })).toMatchObject({
      FunctionVersion: '1',
      Description: '第一版, first.',
      Qualifier: '$DEFAULT',
    });
    expect(await harness.scf.ListVersionByFunction(pay)).toMatchObject({
      FunctionVersion: ['$LATEST', '2', '1'],
      Versions: [{ Version: '$LATEST' }, { Status: 'Active' }, { Description: '第一版, first.' }],
      TotalCount: 3,
    });
  });

  test('a version is Publishing first: no alias leads to it, and it does not run', async () => {
    await created();
    const release = harness.hold();
    await harness.scf.PublishVersion(pay);
    expect([await statusOf('1'), await statusOf()]).toEqual(['Publishing', 'Publishing']);
    expect(saying()).toEqual([['$LATEST', true, 'one']]);
    const run = harness.scf.Invoke({ ...pay, Qualifier: '1' });
    expect(await verdict(run)).toBe('FailedOperation.FunctionVersionStatusNotActive');
    release();
    await becomes('Active', '1');
    expect(saying()).toContainEqual(['1', false, 'one']);
  });

  test('a version that an alias leads to cannot be deleted; numbers never come twice', async () => {
    await created();
    await published();
    await harness.scf.CreateAlias({ ...pay, Name: 'old', FunctionVersion: '1' });
    const gone = () => harness.scf.DeleteFunctionVersion({ ...pay, Qualifier: '1' });
    expect(await verdict(gone())).toBe('UnsupportedOperation.AliasBind');
    await harness.scf.UpdateAlias({ ...pay, Name: 'old', FunctionVersion: '$LATEST' });
    await gone();
    expect(await verdict(gone())).toBe('ResourceNotFound.FunctionVersion');
    expect(await published()).toBe('2');
    await harness.scf.DeleteFunction({ ...pay, Qualifier: '2' });
    expect((await harness.scf.ListVersionByFunction(pay)).FunctionVersion).toEqual(['$LATEST']);
  });

  test('aliases are listed by version, page by page, and deleted, $DEFAULT apart', async () => {
    await created();
    await published();
    const Description = 'kept - as it is';
    await harness.scf.CreateAlias({ ...pay, Name: 'a', FunctionVersion: '1', Description });
    const listed = await harness.scf.ListAliases({ ...pay, FunctionVersion: '1' });
    expect(listed).toMatchObject({ TotalCount: 1, Aliases: [{ Name: 'a', Description }] });
    const page = await harness.scf.ListAliases({ ...pay, Offset: '1', Limit: '1' });
    expect(page).toMatchObject({ TotalCount: 2, Aliases: [{ Name: 'a' }] });
    await harness.scf.DeleteAlias({ ...pay, Name: 'a' });
    const again = harness.scf.DeleteAlias({ ...pay, Name: 'a' });
    expect(await verdict(again)).toBe('ResourceNotFound.Alias');
    const standard = harness.scf.DeleteAlias({ ...pay, Name: '$DEFAULT' });
    expect(await verdict(standard)).toBe('InvalidParameterValue.Alias');
  });

  const weights = { AdditionalVersionWeights: [{ Version: '1', Weight: 0.1 }] };
  test.each([
    ['a name that is there', { Name: '$DEFAULT' }, 'ResourceInUse.Alias'],
    ['an odd name', { Name: '1st' }, 'InvalidParameterValue.Alias'],
    ['no such version', { FunctionVersion: '9' }, 'ResourceNotFound.FunctionVersion'],
    ['split traffic', { RoutingConfig: weights }, 'InvalidParameterValue.Param'],
    ['a routing that splits nothing', { RoutingConfig: {} }, 'answered'],
    ['no version', { FunctionVersion: undefined }, 'MissingParameter'],
    ['a name that every object has', { Name: 'constructor' }, 'answered'],
  ])('an alias with %s', async (_name, change, expected) => {
    await created();
    const params = { ...pay, Name: 'a', FunctionVersion: '$LATEST', ...change };
    expect(await verdict(harness.common.request('CreateAlias', params))).toBe(expected);
  });
});

describe('limits', () => {
  const variables = (...pairs: [string, string][]) => ({
    Environment: { Variables: pairs.map(([Key, Value]) => ({ Key, Value })) },
  });
  const zip = (files: Record<string, string>) => ({ Code: { ZipFile: zipOf(files) } });
  const main = { 'index.js': '' };
  const noise = Array.from({ length: 400_000 }, () => Math.random().toString(36)).join('');
  const bytes = (key: string, total: number): [string, string] => [
    key,
    'x'.repeat(total - key.length),
  ];

  test.each<[string, object, string]>([
    ['name of 2', { FunctionName: 'ab' }, 'answered'],
    ['name of 60', { FunctionName: `a${'b'.repeat(59)}` }, 'answered'],
    ['name of 61', { FunctionName: `a${'b'.repeat(60)}` }, 'InvalidParameter.FunctionName'],
    ['name of 1', { FunctionName: 'a' }, 'InvalidParameter.FunctionName'],
    ['name with a digit first', { FunctionName: '1a' }, 'InvalidParameter.FunctionName'],
    ['name with _ last', { FunctionName: 'a_' }, 'InvalidParameter.FunctionName'],
    ['no name', { FunctionName: undefined }, 'MissingParameter'],
    ['handler without export', { Handler: 'index' }, 'InvalidParameterValue.Handler'],
    ['handler in a folder', { Handler: 'src/index.main' }, 'InvalidParameterValue.Handler'],
    ['handler of another name', { Handler: 'index.handler' }, 'InvalidParameterValue.Handler'],
    ['handler not in the zip', { Handler: 'other.main' }, 'InvalidParameterValue.ZipFile'],
    ['memory 64', { MemorySize: 64 }, 'answered'],
    ['memory 3072', { MemorySize: 3072 }, 'answered'],
    ['memory 96', { MemorySize: 96 }, 'InvalidParameterValue.MemorySize'],
    ['memory 200', { MemorySize: 200 }, 'InvalidParameterValue.MemorySize'],
    ['memory 0', { MemorySize: 0 }, 'InvalidParameterValue.MemorySize'],
    ['memory 3200', { MemorySize: 3200 }, 'LimitExceeded.Memory'],
    ['time-out 1', { Timeout: 1 }, 'answered'],
    ['time-out 900', { Timeout: 900 }, 'answered'],
    ['time-out 0', { Timeout: 0 }, 'LimitExceeded.Timeout'],
    ['time-out 901', { Timeout: 901 }, 'LimitExceeded.Timeout'],
    ['time-out 1.5', { Timeout: 1.5 }, 'InvalidParameter'],
    ['description of 1000', { Description: '描'.repeat(1000) }, 'answered'],
    ['description of 1001', { Description: 'x'.repeat(1001) }, 'InvalidParameterValue.Description'],
    ['description with newline', { Description: 'a, b.\nc' }, 'answered'],
    ['description with -', { Description: 'a-b' }, 'InvalidParameterValue.Description'],
    ['description with :', { Description: 'a:b' }, 'InvalidParameterValue.Description'],
    ['description with /', { Description: 'a/b' }, 'InvalidParameterValue.Description'],
    ['no runtime', { Runtime: undefined }, 'MissingParameter.Runtime'],
    ['Nodejs22.21', { Runtime: 'Nodejs22.21' }, 'answered'],
    ['unknown Node', { Runtime: 'Nodejs20' }, 'InvalidParameterValue.Runtime'],
    ['no such runtime', { Runtime: 'Perl5' }, 'InvalidParameterValue.Runtime'],
    ['web function', { Type: 'HTTP' }, 'InvalidParameterValue.Type'],
    ['4096 bytes of environment', variables(bytes('A', 4096)), 'answered'],
    [
      '4097 bytes of environment',
      variables(bytes('A', 2048), bytes('B', 2049)),
      'InvalidParameterValue.EnvironmentExceededLimit',
    ],
    ['SCF_X', variables(['SCF_X', '1']), 'InvalidParameterValue.EnvironmentSystemProtect'],
    ['QCLOUD_X', variables(['QCLOUD_X', '1']), 'InvalidParameterValue.EnvironmentSystemProtect'],
    [
      'TENCENTCLOUD_X',
      variables(['TENCENTCLOUD_X', '1']),
      'InvalidParameterValue.EnvironmentSystemProtect',
    ],
    ['_X', variables(['_X', '1']), 'InvalidParameterValue.Environment'],
    ['an empty value', variables(['X', '']), 'InvalidParameterValue.Environment'],
    ['a key twice', variables(['X', '1'], ['X', '2']), 'InvalidParameterValue.Environment'],
    ['no code', { Code: {} }, 'MissingParameter.Code'],
    [
      'two codes',
      { Code: { ZipFile: 'AAAA', TempCosObjectName: '/x' } },
      'InvalidParameterValue.Param',
    ],
    ['code in a bucket', { Code: { CosBucketName: 'b' } }, 'InvalidParameterValue.Param'],
    [
      'no base64',
      { Code: { ZipFile: '%%%%' } },
      'InvalidParameterValue.ZipFileBase64BinasciiError',
    ],
    ['no zip', { Code: { ZipFile: 'AAAA' } }, 'InvalidParameterValue.ZipFile'],
    ['no upload', { Code: { TempCosObjectName: '/x' } }, 'InvalidParameterValue.TempCosObjectName'],
    ['1.5 MB inline', zip({ ...main, noise }), 'InvalidParameterValue.InlineZipFile'],
    ['index.js in a folder', zip({ 'dist/index.js': '' }), 'InvalidParameterValue.ZipFile'],
    ['an entry outside', zip({ ...main, '../evil.js': '' }), 'InvalidParameterValue.ZipFile'],
    ['an absolute entry', zip({ ...main, '/evil.js': '' }), 'InvalidParameterValue.ZipFile'],
    ['an unknown field', { Surprise: 1 }, 'answered'],
  ])('%s', async (_name, change, expected) => {
    const call = harness.common.request('CreateFunction', { ...aFunction, ...change });
    expect(await verdict(call)).toBe(expected);
    if (expected !== 'answered') {
      expect((await harness.scf.ListFunctions({ Namespace })).TotalCount).toBe(0);
    }
  });

  test('a zip that claims to unpack above 500 MB is refused before it is unpacked', async () => {
    const bytes = Buffer.from(zipOf(main), 'base64');
    const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(600 * 1024 * 1024, entry + 24);
    const call = harness.scf.CreateFunction({
      ...aFunction,
      Code: { ZipFile: bytes.toString('base64') },
    });
    await expect(call).rejects.toMatchObject({
      code: 'InvalidParameterValue.ZipFile',
      message: expect.stringContaining('500 MB'),
    });
  });

  test('there are at most 50 functions', async () => {
    for (let i = 0; i < 50; i += 1) {
      await harness.scf.CreateFunction({ ...aFunction, FunctionName: `f${i}` });
    }
    expect(await verdict(harness.scf.CreateFunction(aFunction))).toBe('LimitExceeded.Function');
  });

  test('updates are held to the same limits and change nothing when refused', async () => {
    await created();
    const before = await harness.scf.GetFunction(pay);
    const bad = [
      ['UpdateFunctionConfiguration', { MemorySize: 100 }, 'InvalidParameterValue.MemorySize'],
      ['UpdateFunctionConfiguration', { Publish: 'TRUE' }, 'InvalidParameterValue.Param'],
      ['UpdateFunctionCode', { ZipFile: zipOf({ 'a.js': '' }) }, 'InvalidParameterValue.ZipFile'],
      ['UpdateFunctionCode', {}, 'MissingParameter.Code'],
    ] as const;
    for (const [action, change, expected] of bad) {
      const call = harness.common.request(action, { ...pay, ...change });
      expect(await verdict(call)).toBe(expected);
    }
    expect(await harness.scf.GetFunction(pay)).toMatchObject({
      ...before,
      RequestId: expect.any(String),
    });
  });
});

test('a lost answer takes effect, a lost request does not', async () => {
  const create = () => harness.scf.CreateFunction(aFunction);
  harness.world.faults.set([{ at: 'scf.CreateFunction', kind: 'lost_request', times: 1 }]);
  await expect(create()).rejects.toThrow('socket hang up');
  expect(await verdict(harness.scf.GetFunction(pay))).toBe('ResourceNotFound.Function');
  harness.world.faults.set([{ at: 'scf.CreateFunction', kind: 'lost_answer', times: 1 }]);
  await expect(create()).rejects.toThrow('socket hang up');
  await becomes('Active');
  expect(await verdict(create())).toBe('ResourceInUse.Function');
});

test('code that nothing runs is forgotten with the next write, code of a version is kept', async () => {
  const kept = () => harness.world.data.table('tencentcloud_code').all().length;
  await created();
  await updated('two');
  await published();
  await updated('three');
  await updated('four');
  expect(kept()).toBe(3); // The third ran until the fourth was in place.
  await harness.scf.UpdateFunctionConfiguration({ ...pay, Timeout: 9 });
  expect(kept()).toBe(2);
  await becomes('Active');
  await harness.scf.DeleteFunction(pay);
  expect(kept()).toBe(0);
});

describe('a restart', () => {
  test('keeps functions, versions, aliases and code, unpacked again where it is missing', async () => {
    await created();
    await published();
    await updated('two');
    await harness.scf.UpdateAlias({ ...pay, Name: '$DEFAULT', FunctionVersion: '1' });
    const { deployed } = harness.cloud;
    const before = deployed();
    await harness.close();
    const movedPlace = { ...place, codeFolder: `${place.codeFolder}-2` };
    harness = await startHarness(listen, movedPlace);
    const moved = before.map((one) => ({
      ...one,
      file: one.file.replace(place.codeFolder, movedPlace.codeFolder),
    }));
    expect(harness.cloud.deployed()).toEqual(moved);
    expect(saying()).toEqual([
      ['$LATEST', false, 'two'],
      ['1', true, 'one'],
    ]);
  });

  test('ends work that was under way', async () => {
    await harness.close();
    harness = await startHarness(listen, place, { stateMs: 3_600_000 });
    await harness.scf.CreateFunction(aFunction);
    expect(await statusOf()).toBe('Creating');
    await harness.close();
    harness = await startHarness(listen, place, { stateMs: 3_600_000 });
    expect(await statusOf()).toBe('Active');
    expect(saying()).toEqual([['$LATEST', true, 'one']]);
  });
});
