import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  callersOf,
  callersOfSamples,
  type FunctionName,
  type SampleName,
} from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { environment, environmentKeys, sampleKeys } from '../../../shared/contract/environment.ts';
import { resources } from '../../resources.ts';
import { readService, ServiceError } from './service.ts';

type Values = Record<string, unknown>;

/** A `serverless.yml` as the framework hands it over: resolved, parsed. */
interface Yml {
  service: string;
  provider: Values;
  functions: Record<string, Values>;
  collections?: Record<string, Values>;
}

const handler = (name: string) => `functions/${name}/index.main`;
const provider = { region: 'ap-shanghai', envId: 'pay-1a2b3c', runtime: 'Nodejs20.19' };

/** Makes a small `serverless.yml` without a fault, with parts of it changed. */
function ymlWith(change: Partial<Yml> = {}): Yml {
  return {
    service: 'wx-pay',
    functions: { queryOrder: { handler: handler('queryOrder') } },
    ...change,
    provider: { ...provider, ...change.provider },
  };
}

/** Makes a `serverless.yml` of one function. */
const only = (name: string, more: Values = {}) =>
  ymlWith({ functions: { [name]: { handler: handler(name), ...more } } });
const functionIn = (yml: unknown, name: string) =>
  readService(yml).functions.find((fn) => fn.name === name);

/** Reads a `serverless.yml` that must be refused; answers the faults, one a line. */
function faultsOf(yml: unknown): string[] {
  try {
    readService(yml);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    return (error as ServiceError).message.split('\n');
  }
  return [];
}

describe('the project’s own serverless.yml', () => {
  const text = readFileSync('serverless.yml', 'utf8');
  /** Replaces every variable by its fallback, or by what `value` says of its name. */
  const resolved = (value: (name: string) => string | undefined = () => undefined) =>
    parse(
      text.replace(
        /\$\{(?:env|opt):(\w+), '(.*?)'\}/g,
        (_, name: string, fallback: string) => value(name) ?? `'${fallback}'`,
      ),
    ) as Yml;
  const names = Object.keys(contracts) as FunctionName[];
  const samples = Object.keys(callersOfSamples) as SampleName[];

  test('names every function of the contracts, then the samples, and no other', () => {
    expect(text).not.toMatch(/\$\{(?!(?:env|opt):\w+, '.*?'\})/);
    const deployed = readService(resolved()).functions.map(({ name }) => name);
    expect(deployed).toEqual([...names, ...samples]);
  });

  test.each(samples)('lets no client call %s, and gives it the key that it verifies by', (name) => {
    const fn = functionIn(
      resolved((key) => `value of ${key}`),
      name,
    );
    const expected = sampleKeys[name].map((key) => [key, `value of ${key}`]);
    expect(fn?.environment).toEqual(Object.fromEntries(expected));
    expect(fn?.clientMayCall).toBe(false);
    // What else its own code reads is the merchant's affair, and --prune leaves it.
    expect(fn).not.toHaveProperty('environmentKeys');
  });

  test('asks for every key that a function reads, and for no other', () => {
    expect(Object.keys(resolved().provider.environment as Values).sort()).toEqual(
      Object.keys(environment).sort(),
    );
  });

  test.each(names)('gives %s exactly the keys of its contract', (name) => {
    const fn = functionIn(
      resolved((key) => `value of ${key}`),
      name,
    );
    const expected = environmentKeys[name].map((key) => [key, `value of ${key}`]);
    expect(fn?.environment).toEqual(Object.fromEntries(expected));
    expect(fn?.environmentKeys).toEqual(environmentKeys[name]);
  });

  test('sets nothing while the shell has no values', () => {
    const { functions } = readService(resolved());
    expect(functions.map((fn) => fn.environment)).toEqual(functions.map(() => ({})));
  });

  test.each(names)('lets clients call %s if and only if its callers include a user', (name) => {
    const callers: readonly string[] = callersOf[name];
    const expected = callers.includes('user') || callers.includes('admin');
    expect(functionIn(resolved(), name)?.clientMayCall).toBe(expected);
  });

  test('has a route for what takes HTTP and a timer for what a timer starts, and no more', () => {
    const triggers = readService(resolved()).functions.map(({ name, timers, routes }) => [
      name,
      routes.length,
      timers.length,
    ]);
    const expected = { call: [0, 0], http: [1, 0], timer: [0, 1] };
    expect(triggers).toEqual([
      ...names.map((name) => [name, ...expected[contracts[name].form]]),
      ...samples.map((name) => [name, 0, 0]),
    ]);
  });

  test('deploys the collections that the code needs', () => {
    expect(readService(resolved()).collections).toEqual(resources.collections);
  });
});

describe('what is left out gets a default, what is written wins', () => {
  test('of the service', () => {
    expect(readService(ymlWith())).toMatchObject({
      name: 'wx-pay',
      stage: 'dev',
      region: 'ap-shanghai',
      envId: 'pay-1a2b3c',
      runtime: 'Nodejs20.19',
      engine: 'api',
      storage: 'private',
      codeCache: false,
    });
    expect(readService(ymlWith())).not.toHaveProperty('domain');
    const changed = {
      stage: 'prod',
      engine: 'components',
      storage: 'keep',
      codeCache: true,
      domain: 'pay.example.com',
    };
    expect(readService(ymlWith({ provider: changed }))).toMatchObject(changed);
  });

  test('of a function', () => {
    expect(functionIn(ymlWith(), 'queryOrder')).toMatchObject({ timeoutS: 20, memoryMb: 256 });
    const shared = { timeout: 30, memorySize: 512 };
    expect(functionIn(ymlWith({ provider: shared }), 'queryOrder')).toMatchObject({
      timeoutS: 30,
      memoryMb: 512,
    });
    const own = only('queryOrder', { timeout: 12, memorySize: 64 });
    expect(
      functionIn({ ...own, provider: { ...provider, ...shared } }, 'queryOrder'),
    ).toMatchObject({ timeoutS: 12, memoryMb: 64 });
  });

  test('of a timer and a route', () => {
    const timer = { name: 'every-minute', cron: '0 * * * * * *' };
    const events = [
      { timer: { ...timer, cron: ' 0 *  * * * * *' } },
      { timer: { ...timer, name: 'off', enabled: false } },
    ];
    expect(functionIn(only('closeStaleOrders', { events }), 'closeStaleOrders')?.timers).toEqual([
      { ...timer, enabled: true },
      { ...timer, name: 'off', enabled: false },
    ]);
    const routes = [{ http: { path: '/a' } }, { http: { path: '/b', qps: 7 } }];
    expect(functionIn(only('payCallback', { events: routes }), 'payCallback')?.routes).toEqual([
      { path: '/a', qps: 100 },
      { path: '/b', qps: 7 },
    ]);
  });

  test('of a collection of the merchant’s, beside ours', () => {
    const indexes = [{ name: 'sku', keys: { sku: 1, at: -1 }, unique: true }];
    const yml = ymlWith({
      collections: { goods: { acl: 'READONLY', indexes }, tags: { acl: 'PRIVATE' } },
    });
    expect(readService(yml).collections).toEqual({
      orders: resources.collections.orders,
      payers: resources.collections.payers,
      channels: resources.collections.channels,
      goods: { acl: 'READONLY', indexes },
      tags: { acl: 'PRIVATE', indexes: [] },
    });
  });

  test('of a sample’s collection: made where the sample is, free for the merchant elsewhere', () => {
    const yml = only('quoteOrder');
    expect(Object.keys(readService(yml).collections)).toEqual([
      'orders',
      'payers',
      'channels',
      'products',
    ]);
    const own = ymlWith({ collections: { products: { acl: 'PRIVATE' } } });
    expect(readService(own).collections.products).toEqual({ acl: 'PRIVATE', indexes: [] });
  });

  test('of a sample: the merchant’s own code may read keys of its own', () => {
    const own = only('fulfilOrder', { environment: { SMS_KEY: 'x' } });
    expect(functionIn(own, 'fulfilOrder')?.environment).toEqual({ SMS_KEY: 'x' });
  });
});

describe('the environment', () => {
  test.each([
    ['a text', 'PT10M', { WXPAY_ORDER_TTL: 'PT10M' }],
    ['a number, as text', 600, { WXPAY_ORDER_TTL: '600' }],
    ['zero, as text', 0, { WXPAY_ORDER_TTL: '0' }],
    ['an empty text: nothing', '', {}],
    ['null: nothing', null, {}],
  ])('sets %s', (_what, value, expected) => {
    const yml = only('unifiedOrder');
    const shared = { ...provider, environment: { WXPAY_ORDER_TTL: value } };
    expect(functionIn({ ...yml, provider: shared }, 'unifiedOrder')?.environment).toEqual(expected);
    const own = only('unifiedOrder', { environment: { WXPAY_ORDER_TTL: value } });
    expect(functionIn(own, 'unifiedOrder')?.environment).toEqual(expected);
  });

  test('of the function wins over that of the provider', () => {
    const yml = only('unifiedOrder', { environment: { WXPAY_ORDER_TTL: 'PT1H' } });
    const shared = { ...provider, environment: { WXPAY_ORDER_TTL: 'PT10M', WXPAY_MCHID: '19' } };
    expect(functionIn({ ...yml, provider: shared }, 'unifiedOrder')?.environment).toEqual({
      WXPAY_MCHID: '19',
      WXPAY_ORDER_TTL: 'PT1H',
    });
  });
});

describe('a function of the merchant’s own', () => {
  const ship = (more: Values = {}) =>
    functionIn(
      { ...only('ship', more), provider: { ...provider, environment: { WXPAY_MCHID: '19' } } },
      'ship',
    );

  test('has any environment of its own and none of ours', () => {
    expect(ship({ environment: { WAREHOUSE: 'north' } })).toEqual({
      name: 'ship',
      timeoutS: 20,
      memoryMb: 256,
      timers: [],
      routes: [],
      environment: { WAREHOUSE: 'north' },
      clientMayCall: true,
    });
  });

  test.each([
    [undefined, true],
    ['client', true],
    ['none', false],
  ])('with access %s: a client may call it: %s', (access, expected) => {
    expect(ship(access === undefined ? {} : { access })?.clientMayCall).toBe(expected);
  });

  test('takes timers and routes, and a time-out as short as it likes', () => {
    const events = [
      { timer: { name: 'nightly', cron: '0 0 2 * * * *' } },
      { http: { path: '/ship' } },
    ];
    expect(ship({ timeout: 1, events })).toMatchObject({
      timeoutS: 1,
      timers: [{ name: 'nightly' }],
      routes: [{ path: '/ship' }],
    });
  });

  test('may be called like something that every object has', () => {
    expect(functionIn(only('constructor'), 'constructor')?.environment).toEqual({});
  });
});

const minutely = '0 * * * * * *';
const timer = (cron: string, name = 'every-minute') => ({ timer: { name, cron } });
const timersOf = (count: number) =>
  Array.from({ length: count }, (_, index) => timer(minutely, `t${index}`));
const goodsWith = (...indexes: Values[]) =>
  ymlWith({ collections: { goods: { acl: 'PRIVATE', indexes } } });
const http = (path: string) => ({ http: { path } });

// What is wrong, the serverless.yml, the path that is named, the words that tell what to do.
test.each<[string, Yml, string, string]>([
  [
    'a key for all that no function reads',
    ymlWith({ provider: { environment: { WXPAY_MCH_ID: '19' } } }),
    'provider.environment.WXPAY_MCH_ID',
    'no function reads it',
  ],
  [
    'a key that this function does not read',
    only('queryOrder', { environment: { WXPAY_ORDER_TTL: 'PT10M' } }),
    'functions.queryOrder.environment.WXPAY_ORDER_TTL',
    'does not read it',
  ],
  [
    'a handler elsewhere',
    ymlWith({ functions: { queryOrder: { handler: handler('closeOrder') } } }),
    'functions.queryOrder.handler',
    'functions/queryOrder/index.main',
  ],
  [
    'a handler of an own function elsewhere',
    ymlWith({ functions: { ship: { handler: 'src/ship.main' } } }),
    'functions.ship.handler',
    'functions/ship/index.main',
  ],
  [
    'memory between steps',
    only('queryOrder', { memorySize: 200 }),
    'functions.queryOrder.memorySize',
    '200',
  ],
  [
    'too little memory',
    only('queryOrder', { memorySize: 0 }),
    'functions.queryOrder.memorySize',
    '64',
  ],
  [
    'too much memory',
    only('queryOrder', { memorySize: 3200 }),
    'functions.queryOrder.memorySize',
    '3072',
  ],
  [
    'memory between steps for all',
    ymlWith({ provider: { memorySize: 100 } }),
    'functions.queryOrder.memorySize',
    '128',
  ],
  [
    'too short for a call',
    only('queryOrder', { timeout: 9 }),
    'functions.queryOrder.timeout',
    'at least 10 s',
  ],
  [
    'too short for a route',
    only('payCallback', { timeout: 5 }),
    'functions.payCallback.timeout',
    'at least 6 s',
  ],
  [
    'too short for a timer',
    only('closeStaleOrders', { timeout: 19 }),
    'functions.closeStaleOrders.timeout',
    'at least 20 s',
  ],
  [
    'too short for anything',
    only('ship', { timeout: 0 }),
    'functions.ship.timeout',
    'at least 1 s',
  ],
  [
    'too short for all',
    ymlWith({ provider: { timeout: 3 } }),
    'functions.queryOrder.timeout',
    'at least 10 s',
  ],
  [
    'the cron of five fields',
    only('closeStaleOrders', { events: [timer('*/5 * * * *')] }),
    'functions.closeStaleOrders.events.0.timer.cron',
    '7 fields are expected',
  ],
  [
    'the cron of the second timer, of an own function',
    only('ship', { events: [timer(minutely), timer('0 0 25 * * * *', 'nightly')] }),
    'functions.ship.events.1.timer.cron',
    '时 (hour)',
  ],
  [
    'a timer on a function that is called',
    only('queryOrder', { events: [timer(minutely)] }),
    'functions.queryOrder.events.0.timer',
    'takes no timer',
  ],
  [
    'a timer on the callback',
    only('payCallback', { events: [timer(minutely)] }),
    'functions.payCallback.events.0.timer',
    'takes no timer',
  ],
  [
    'a route to a function that is called',
    only('queryOrder', { events: [http('/query')] }),
    'functions.queryOrder.events.0.http',
    'not over HTTP',
  ],
  [
    'a route to a function that a timer starts',
    only('closeStaleOrders', { events: [http('/close')] }),
    'functions.closeStaleOrders.events.0.http',
    'not over HTTP',
  ],
  [
    'a path of two functions',
    ymlWith({
      functions: {
        payCallback: { handler: handler('payCallback'), events: [http('/pay')] },
        ship: { handler: handler('ship'), events: [http('/ship'), http('/pay')] },
      },
    }),
    'functions.ship.events',
    '/pay',
  ],
  [
    'a path twice of one function',
    only('ship', { events: [http('/ship'), http('/ship')] }),
    'functions.ship.events',
    '/ship',
  ],
  [
    'two timers of one name',
    only('closeStaleOrders', { events: [timer(minutely), timer('0 0 * * * * *')] }),
    'functions.closeStaleOrders.events',
    'every-minute',
  ],
  [
    'eleven timers',
    only('closeStaleOrders', { events: timersOf(11) }),
    'functions.closeStaleOrders.events',
    'at most 10',
  ],
  ['a name of one letter', only('s'), 'functions.s', '2 to 60'],
  ['a name of 61', only('s'.repeat(61)), `functions.${'s'.repeat(61)}`, '2 to 60'],
  ['a name with - at its end', only('ship-'), 'functions.ship-', 'no - or _ last'],
  ...['SCF_A', 'QCLOUD_A', 'TENCENTCLOUD_A'].map((key): [string, Yml, string, string] => [
    `a key of the platform’s own, ${key}`,
    only('ship', { environment: { [key]: 'x' } }),
    `functions.ship.environment.${key}`,
    'reserved',
  ]),
  [
    'two indexes of one name',
    goodsWith({ name: 'a', keys: { a: 1 } }, { name: 'a', keys: { b: 1 } }),
    'collections.goods.indexes.1',
    'is taken',
  ],
  [
    'two indexes of the same keys',
    goodsWith({ name: 'a', keys: { a: 1, b: -1 } }, { name: 'b', keys: { a: 1, b: -1 } }),
    'collections.goods.indexes.1',
    'same keys',
  ],
  [
    'access to a function of ours',
    only('payCallback', { access: 'client' }),
    'functions.payCallback.access',
    'callers.ts',
  ],
  [
    'a collection of ours',
    ymlWith({ collections: { orders: { acl: 'READONLY' } } }),
    'collections.orders',
    'defined by the project itself',
  ],
  [
    'the collection of a sample that is deployed',
    { ...only('quoteOrder'), collections: { products: { acl: 'PRIVATE' } } },
    'collections.products',
    'defined by the project itself',
  ],
  [
    'a sample opened to clients',
    only('fulfilOrder', { access: 'client' }),
    'functions.fulfilOrder.access',
    'callers.ts',
  ],
  ['no region', ymlWith({ provider: { region: undefined } }), 'provider.region', 'Invalid input'],
  [
    'a word of no meaning',
    ymlWith({ provider: { engine: 'sdk' } }),
    'provider.engine',
    'Invalid input',
  ],
  [
    'a text for a number',
    only('queryOrder', { timeout: '20' }),
    'functions.queryOrder.timeout',
    'Invalid input',
  ],
  [
    'an index of no direction',
    ymlWith({
      collections: { goods: { acl: 'PRIVATE', indexes: [{ name: 'a', keys: { a: 2 } }] } },
    }),
    'collections.goods.indexes.0.keys.a',
    'Invalid input',
  ],
])('%s is refused, and nothing else with it', (_what, yml, path, words) => {
  const [fault = '', ...more] = faultsOf(yml);
  expect(more).toEqual([]);
  expect(fault.slice(0, fault.indexOf(': '))).toBe(path);
  expect(fault).toContain(words);
});

test('as much as the platform takes is taken', () => {
  const name = `s${'h'.repeat(57)}-2`;
  expect(faultsOf(only(name, { events: timersOf(10), environment: { TCB_A: 'x' } }))).toEqual([]);
  const keys = [{ a: 1 }, { a: -1 }, { a: 1, b: 1 }, { b: 1, a: 1 }];
  expect(faultsOf(goodsWith(...keys.map((each, i) => ({ name: `i${i}`, keys: each }))))).toEqual(
    [],
  );
});

test('several faults are all named at once', () => {
  const yml = ymlWith({
    provider: { environment: { OTHER: '1' } },
    functions: {
      queryOrder: { handler: 'index.main', timeout: 3, memorySize: 100, access: 'none' },
      closeStaleOrders: { handler: handler('closeStaleOrders'), events: [timer('* * * * *')] },
    },
    collections: { orders: { acl: 'READONLY' } },
  });
  expect(faultsOf(yml).map((fault) => fault.slice(0, fault.indexOf(': ')))).toEqual([
    'provider.environment.OTHER',
    'collections.orders',
    'functions.queryOrder.handler',
    'functions.queryOrder.memorySize',
    'functions.queryOrder.access',
    'functions.queryOrder.timeout',
    'functions.closeStaleOrders.events.0.timer.cron',
  ]);
});

test('several wrong shapes are all named at once', () => {
  const yml = ymlWith({
    provider: { region: 1, timeout: 'long' },
    functions: { queryOrder: { handler: 5 } },
  });
  expect(faultsOf(yml).map((fault) => fault.split(': ')[0])).toEqual([
    'provider.region',
    'provider.timeout',
    'functions.queryOrder.handler',
  ]);
});

test('no fault tells a value of the environment', () => {
  const secret = 'secret-of-the-merchant';
  const faults = faultsOf(
    ymlWith({
      provider: { environment: { OTHER: secret, WXPAY_MCHID: [secret] } },
      functions: { queryOrder: { handler: handler('queryOrder'), environment: { X: secret } } },
    }),
  );
  expect(faults).not.toEqual([]);
  expect(faults.join()).not.toContain(secret);
});
