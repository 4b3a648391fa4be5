import { describe, expect, test } from 'vitest';
import type { Service, ServiceFunction } from '../service/service.ts';
import {
  descriptionPrefix,
  desiredFunction,
  differingParts,
  ENVIRONMENT_BYTES_MAX,
  isOurs,
} from './desiredFunction.ts';
import type { FunctionVersion } from './functionState.ts';
import { type DeployOptions, DeployRefusal } from './resource.ts';

const fn: ServiceFunction = {
  name: 'payCallback',
  timeoutS: 10,
  memoryMb: 256,
  environment: {},
  environmentKeys: ['A', 'B', 'C'],
  clientMayCall: false,
  timers: [],
  routes: [],
};
const service: Service = {
  name: 'wx-pay',
  stage: 'dev',
  region: 'ap-shanghai',
  envId: 'pay-1a2b3c',
  runtime: 'Nodejs20.19',
  engine: 'api',
  storage: 'private',
  codeCache: false,
  functions: [fn],
  collections: {},
};
const code = { bytes: new Uint8Array(), sha256: '0a'.repeat(32), bundle: new Uint8Array() };
const logTopic = { clsLogsetId: 'logset', clsTopicId: 'topic' };
const noOptions: DeployOptions = { prune: false, adopt: false, unset: [], renewCache: false };

/** Decides what the function becomes, of what the yml sets and the actual environment. */
function decide(
  environment: Record<string, string>,
  actual: Record<string, string> = {},
  options: Partial<DeployOptions> = {},
  changed: ServiceFunction = fn,
): FunctionVersion {
  return desiredFunction(
    {
      service,
      fn: { ...changed, environment },
      code,
      logTopic,
      options: { ...noOptions, ...options },
    },
    actual,
  );
}

test('a function becomes what serverless.yml says, under the mark of its service and code', () => {
  expect(decide({ A: '1' })).toEqual({
    description: `wx.pay, code ${code.sha256}`,
    handler: 'index.main',
    runtime: 'Nodejs20.19',
    timeoutS: 10,
    memoryMb: 256,
    clsTopicId: 'topic',
    environment: { A: '1' },
  });
});

describe('the mark', () => {
  test.each([
    ['wx-pay', 'wx.pay, code '],
    ['pay', 'pay, code '],
    ['Pay2', 'Pay2, code '],
    ['my_shop--pay', 'my.shop.pay, code '],
    ['支付-pay', '.pay, code '],
  ])('of %s is "%s"', (name, mark) => {
    expect(descriptionPrefix({ name })).toBe(mark);
  });

  test.each(['wx-pay', 'a_b', '支付', 'x/y:z+(1)', 'p"ay\n'])(
    'of %j keeps to what a description may hold',
    (name) => {
      const { description } = desiredFunction(
        { service: { ...service, name }, fn, code, logTopic, options: noOptions },
        {},
      );
      expect(description).toMatch(/^[A-Za-z0-9 ,.]+$/);
      expect(description.length).toBeLessThanOrEqual(1000);
      expect(isOurs({ name }, description)).toBe(true);
    },
  );

  test.each([
    ['our own, of other code', 'wx.pay, code ffff', true],
    ['one of a longer name', 'my.wx.pay, code ffff', false],
    ['one of a shorter name', 'pay, code ffff', false],
    ['one whose name begins like ours', 'wx.pay.test, code ffff', false],
    ['a description by hand', 'wx.pay', false],
    ['none', '', false],
  ])('%s', (_what, description, expected) => {
    expect(isOurs(service, description)).toBe(expected);
  });
});

// The case, the desired environment, the actual one, the options, the result.
test.each<
  [
    string,
    Record<string, string>,
    Record<string, string>,
    Partial<DeployOptions>,
    Record<string, string>,
  ]
>([
  ['nothing: nothing', {}, {}, {}, {}],
  ['a key that is set', { A: '1' }, {}, {}, { A: '1' }],
  ['a key that only the cloud has stays', {}, { A: 'console' }, {}, { A: 'console' }],
  ['a key that is both: the yml wins', { A: '1' }, { A: 'console' }, {}, { A: '1' }],
  ['a stranger stays', {}, { X: 'console' }, {}, { X: 'console' }],
  ['--unset takes a key away', {}, { A: '1', B: '2' }, { unset: ['A'] }, { B: '2' }],
  ['--unset of several', {}, { A: '1', B: '2', C: '3' }, { unset: ['A', 'C'] }, { B: '2' }],
  ['--unset of what is not there', { B: '2' }, {}, { unset: ['A'] }, { B: '2' }],
  [
    '--unset of what the yml sets does nothing',
    { A: '1' },
    { A: '0' },
    { unset: ['A'] },
    { A: '1' },
  ],
  ['--prune takes strangers away', {}, { A: '1', X: '2' }, { prune: true }, { A: '1' }],
  ['--prune keeps what the function may read', {}, { B: '2' }, { prune: true }, { B: '2' }],
])('%s', (_what, set, actual, options, expected) => {
  expect(decide(set, actual, options).environment).toEqual(expected);
});

test('--prune knows no strangers of a function that is not ours', () => {
  const { environmentKeys: _none, ...foreign } = fn;
  expect(decide({}, { X: '1' }, { prune: true }, foreign).environment).toEqual({ X: '1' });
});

describe('the size of an environment', () => {
  const full = (bytes: number) => ({ A: 'a'.repeat(bytes - 1) });

  test('4 kB of keys and values are taken', () => {
    expect(decide(full(ENVIRONMENT_BYTES_MAX)).environment.A).toHaveLength(4095);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['a byte more', full(4097), {}],
    ['what is there counts', full(4000), { B: 'b'.repeat(96) }],
    ['bytes count, not characters', { A: '密'.repeat(1366) }, {}],
  ])('%s is refused', (_what, set, actual) => {
    expect(() => decide(set, actual)).toThrow(DeployRefusal);
  });

  test.each([
    ['what --unset takes away', { unset: ['B'] }, { B: 'b'.repeat(100) }],
    ['what --prune takes away', { prune: true }, { X: 'b'.repeat(100) }],
  ])('%s does not count', (_what, options, actual) => {
    expect(decide(full(4096), actual, options).environment).toEqual(full(4096));
  });

  test('the refusal names function, size, and the four largest keys by size, never a value', () => {
    const set = {
      A: 'secret-a'.repeat(10),
      B: 'secret-b'.repeat(400),
      C: 'secret-c'.repeat(100),
      D: 'secret-d'.repeat(50),
      E: 'secret-e'.repeat(20),
    };
    const message = (() => {
      try {
        decide(set);
      } catch (error) {
        return String(error);
      }
      return 'not refused';
    })();
    expect(message).toContain('ENVIRONMENT_TOO_LARGE: payCallback');
    expect(message).toContain('4645');
    expect(message).toContain('B 3201，C 801，D 401，E 161');
    expect(message).not.toContain('secret');
  });
});

describe('differences', () => {
  const actual = decide({ A: '1', B: '2' });

  test.each<[string, Partial<FunctionVersion>, string[]]>([
    ['none', {}, []],
    ['the time-out', { timeoutS: 11 }, ['timeoutS']],
    ['the memory', { memoryMb: 512 }, ['memoryMb']],
    ['the handler', { handler: 'index.handler' }, ['handler']],
    ['the log topic', { clsTopicId: 'other' }, ['clsTopicId']],
    ['a value', { environment: { A: 'secret', B: '2' } }, ['A']],
    ['a key more', { environment: { A: '1', B: '2', C: 'secret' } }, ['C']],
    ['a key less', { environment: { A: '1' } }, ['B']],
    ['an empty value is not an absent one', { environment: { A: '1', B: '2', C: '' } }, ['C']],
    ['the order of keys is none', { environment: { B: '2', A: '1' } }, []],
    [
      'several, keys in order of the alphabet',
      { timeoutS: 1, environment: { Z: 'secret', A: 'secret' } },
      ['timeoutS', 'A', 'B', 'Z'],
    ],
    // New code is looked for by itself; a runtime cannot change at all.
    ['the description', { description: 'another' }, []],
    ['the runtime', { runtime: 'Nodejs22.21' }, []],
  ])('%s', (_what, change, expected) => {
    expect(differingParts(actual, { ...actual, ...change })).toEqual(expected);
    expect(differingParts({ ...actual, ...change }, actual)).toEqual(expected);
  });
});
