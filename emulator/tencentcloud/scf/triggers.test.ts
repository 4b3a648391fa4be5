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
const Namespace = ENV_ID;
const sweep = { FunctionName: 'sweep', Namespace };
const minute = '0 * * * * * *';

beforeEach(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place);
  await harness.scf.CreateFunction({
    ...sweep,
    Handler: 'index.main',
    Runtime: 'Nodejs20.19',
    Code: { ZipFile: zipOf({ 'index.js': 'exports.main = () => 1;' }) },
  });
  await active();
});
afterEach(async () => {
  await harness.close();
  await place.remove();
});

const active = (Qualifier = '$LATEST') =>
  expect
    .poll(async () => (await harness.scf.GetFunction({ ...sweep, Qualifier })).Status, {
      interval: 2,
    })
    .toBe('Active');
const verdict = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );
const timer = { ...sweep, Type: 'timer', TriggerName: 'every-minute', Qualifier: '$DEFAULT' };
const timers = () => harness.cloud.deployed().map(({ version, timers: t }) => [version, t]);

test('a timer is written as text and read back as JSON, its switch as a number', async () => {
  const { TriggerInfo } = await harness.scf.CreateTrigger({
    ...timer,
    TriggerDesc: minute,
    Enable: 'OPEN',
    CustomArgument: 'hello',
  });
  expect(TriggerInfo).toMatchObject({ TriggerDesc: `{"cron":"${minute}"}`, Enable: 1 });
  const shown = {
    TriggerName: 'every-minute',
    Type: 'timer',
    Qualifier: '$DEFAULT',
    Enable: 1,
    TriggerDesc: `{"cron":"${minute}"}`,
    CustomArgument: 'hello',
  };
  expect(await harness.scf.ListTriggers(sweep)).toMatchObject({ TotalCount: 1, Triggers: [shown] });
  expect(await harness.scf.GetFunction(sweep)).toMatchObject({ Triggers: [shown] });
  const fired = [{ name: 'every-minute', cron: minute, message: 'hello' }];
  expect(timers()).toEqual([['$LATEST', fired]]);
});

test('an update replaces what is given; a timer that is off does not fire', async () => {
  await harness.scf.CreateTrigger({ ...timer, TriggerDesc: minute });
  await harness.scf.UpdateTrigger({ ...timer, TriggerDesc: '0 15 10 * * * *' });
  expect(timers()).toEqual([['$LATEST', [{ name: 'every-minute', cron: '0 15 10 * * * *' }]]]);
  await harness.scf.UpdateTriggerStatus({ ...timer, Enable: 'CLOSE' });
  expect(await harness.scf.ListTriggers(sweep)).toMatchObject({ Triggers: [{ Enable: 0 }] });
  expect(timers()).toEqual([['$LATEST', []]]);
  await harness.scf.UpdateTrigger({ ...timer, Enable: 'OPEN' });
  expect(timers()).toEqual([['$LATEST', [{ name: 'every-minute', cron: '0 15 10 * * * *' }]]]);
  await harness.scf.DeleteTrigger(timer);
  expect((await harness.scf.ListTriggers(sweep)).Triggers).toEqual([]);
});

test('a timer fires the version that its qualifier leads to', async () => {
  const own = { name: 'every-minute', cron: minute };
  await harness.scf.CreateTrigger({ ...timer, TriggerDesc: minute });
  await harness.scf.PublishVersion(sweep);
  await active('1');
  expect(timers()).toEqual([
    ['$LATEST', [own]],
    ['1', []],
  ]);
  await harness.scf.UpdateAlias({ ...sweep, Name: '$DEFAULT', FunctionVersion: '1' });
  expect(timers()).toEqual([
    ['$LATEST', []],
    ['1', [own]],
  ]);
});

describe('a timer is identified by its qualifier, $LATEST unless it is given', () => {
  const { Qualifier: _, ...unqualified } = timer;
  test.each(['UpdateTrigger', 'UpdateTriggerStatus', 'DeleteTrigger'])('%s', async (action) => {
    await harness.scf.CreateTrigger({ ...timer, TriggerDesc: minute });
    const ask = (params: object) =>
      verdict(harness.common.request(action, { ...params, Enable: 'OPEN' }));
    expect(await ask(unqualified)).toBe('ResourceNotFound.Timer');
    expect(await ask({ ...timer, TriggerName: 'other' })).toBe('ResourceNotFound.Timer');
    expect(await ask(timer)).toBe('answered');
  });

  test('so are lists', async () => {
    await harness.scf.CreateTrigger({ ...timer, TriggerDesc: minute });
    await harness.scf.CreateTrigger({ ...unqualified, TriggerDesc: minute });
    const Filters = [{ Name: 'Qualifier', Values: ['$LATEST'] }];
    expect((await harness.scf.ListTriggers({ ...sweep, Filters })).TotalCount).toBe(1);
    expect((await harness.scf.ListTriggers({ ...sweep, Limit: 1 })).Triggers).toHaveLength(1);
  });
});

test.each<[string, object, string]>([
  ['another type', { Type: 'cos' }, 'InvalidParameterValue.Type'],
  ['no expression', { TriggerDesc: undefined }, 'InvalidParameterValue.TriggerDesc'],
  [
    'an expression as JSON',
    { TriggerDesc: '{"cron":"0 * * * * * *"}' },
    'InvalidParameterValue.TriggerDesc',
  ],
  ['five fields', { TriggerDesc: '*/5 * * * *' }, 'InvalidParameterValue.TriggerDesc'],
  ['a weekday of 7', { TriggerDesc: '0 * * * * 7 *' }, 'InvalidParameterValue.TriggerDesc'],
  ['documented signs', { TriggerDesc: '0 0 9 LW JAN ? *' }, 'answered'],
  ['a name with a space', { TriggerName: 'a b' }, 'InvalidParameterValue.TriggerName'],
  ['a name of 101', { TriggerName: 'a'.repeat(101) }, 'InvalidParameterValue.TriggerName'],
  ['an odd switch', { Enable: 'ON' }, 'InvalidParameterValue.Enable'],
  ['an alias that is not there', { Qualifier: 'blue' }, 'ResourceNotFound.Alias'],
  ['a version that is not there', { Qualifier: '9' }, 'ResourceNotFound.FunctionVersion'],
])('a timer with %s', async (_name, change, expected) => {
  const params = { ...timer, TriggerDesc: minute, ...change };
  expect(await verdict(harness.common.request('CreateTrigger', params))).toBe(expected);
});

test('a function has at most 10 timers, each name once', async () => {
  const create = (name: string) =>
    verdict(harness.scf.CreateTrigger({ ...timer, TriggerName: name, TriggerDesc: minute }));
  expect(await create('t0')).toBe('answered');
  expect(await create('t0')).toBe('ResourceInUse.TriggerName');
  for (let i = 1; i < 10; i += 1) expect(await create(`t${i}`)).toBe('answered');
  expect(await create('t10')).toBe('LimitExceeded.Trigger');
});

test('timers survive a restart', async () => {
  await harness.scf.CreateTrigger({ ...timer, TriggerDesc: minute });
  const before = timers();
  await harness.close();
  harness = await startHarness(listen, place);
  expect(timers()).toEqual(before);
});
