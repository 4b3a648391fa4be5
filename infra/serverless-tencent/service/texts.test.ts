import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { textFaults } from './texts.ts';

/** The framework's own reader of YAML: what it makes of a scalar is what arrives. */
const frameworks = createRequire(import.meta.resolve('serverless/package.json'))('js-yaml') as {
  load(yml: string): unknown;
};

/** Lists the paths that are refused of a text, as the framework reads it. */
const pathsIn = (yml: string) =>
  textFaults(frameworks.load(yml), yml).map((fault) => fault.slice(0, fault.indexOf(': ')));
const inEnvironment = (scalar: string) => `provider: { environment: { KEY: ${scalar} } }`;

// Each arrives as another text than its author typed, or as none.
test.each([
  '12345e67', // 1.2345e+71
  '1e3', // 1000
  '12345678901234567890', // 12345678901234567000
  '0.0000001', // 1e-7
  '007', // 7
  '08',
  '+5',
  '-0',
  '1.10', // 1.1
  '1.0',
  '.5',
  '0x1F', // 31
  '0o17', // 15
  '0b11', // 3
  'True', // true
  'FALSE',
  '2026-12-01', // a date
  '2026-12-01T08:00:00Z',
  '.inf',
  '.nan',
  '~', // nothing
  'null',
  'Null',
])('%s is refused where a text is needed, and taken in quotes', (scalar) => {
  expect(pathsIn(inEnvironment(scalar))).toEqual(['provider.environment.KEY']);
  expect(pathsIn(inEnvironment(`'${scalar}'`))).toEqual([]);
  expect(pathsIn(inEnvironment(`"${scalar}"`))).toEqual([]);
});

// Each arrives as it was typed.
test.each([
  '600',
  '-5',
  '1.5',
  '1900000109',
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'y',
  '1_000',
  '190:20:30',
  'PT30M',
  '5F1C72E2A8931B72A2E13AF8DEE92471EB397115',
  '=',
  '', // An empty value sets nothing.
])('"%s" is taken without quotes', (scalar) => {
  expect(pathsIn(inEnvironment(scalar))).toEqual([]);
});

describe('every place of a text is held', () => {
  test.each([
    ['service', 'service: 1e3'],
    ['provider.envId', 'provider: { envId: 0x10 }'],
    ['provider.stage', 'provider: { stage: 01 }'],
    ['provider.domain', 'provider: { domain: 1e3 }'],
    ['functions.ship.environment.A', 'functions: { ship: { environment: { A: 1e3 } } }'],
    [
      'functions.ship.events.0.timer.name',
      'functions: { ship: { events: [timer: { name: 1e3 }] } }',
    ],
    ['functions.ship.events.0.http.path', 'functions: { ship: { events: [http: { path: ~ }] } }'],
    ['collections.goods.indexes.0.name', 'collections: { goods: { indexes: [name: 01] } }'],
    ['functions.0.ship.environment.A', 'functions: [ship: { environment: { A: 1e3 } }]'],
  ])('%s', (path, yml) => {
    expect(pathsIn(yml)).toEqual([path]);
  });

  test('the keys of what has names, too', () => {
    expect(pathsIn('collections: { 007: {}, 1e3: {}, goods: {}, 2026: {} }')).toEqual([
      'collections.007',
      'collections.1e3',
    ]);
    expect(pathsIn('provider: { environment: { True: a, KEY: b } }')).toEqual([
      'provider.environment.True',
    ]);
    expect(
      pathsIn('collections: { goods: { indexes: [{ name: a, keys: { 010: 1, sku: 1 } }] } }'),
    ).toEqual(['collections.goods.indexes.0.keys.010']);
  });

  test('numbers that are meant as numbers are none of it', () => {
    const yml =
      'provider: { timeout: 1e2, memorySize: 0x80 }\nfunctions: { ship: { timeout: 010 } }';
    expect(pathsIn(yml)).toEqual([]);
  });
});

describe('what a variable gives is known by its kind alone', () => {
  const yml = `provider:\n  environment:\n    KEY: \${env:KEY, 1e3}\n`;
  const resolvedTo = (value: unknown) =>
    textFaults({ provider: { environment: { KEY: value } } }, yml).length;

  test.each([
    ['a text', '1e3', 0],
    ['nothing', null, 0],
    ['a number: its fallback, or another file', 1000, 1],
    ['a switch', true, 1],
    ['a date of another file', new Date(0), 1],
  ])('%s', (_what, value, faults) => {
    expect(resolvedTo(value)).toBe(faults);
  });
});

test('an anchor is followed, a merged value is refused unless it is a text', () => {
  expect(pathsIn('x: &age 600\nprovider: { environment: { A: *age } }')).toEqual([]);
  expect(pathsIn('x: &age 6e2\nprovider: { environment: { A: *age } }')).toEqual([
    'provider.environment.A',
  ]);
  const merged = 'x: &all { A: 6e2, B: text }\nprovider: { environment: { <<: *all, C: c } }';
  expect(pathsIn(merged)).toEqual(['provider.environment.A']);
});

test('a date that arrives as a text is refused all the same, a text of two lines is not', () => {
  const arrivedAs = (KEY: string, yml: string) =>
    textFaults({ provider: { environment: { KEY } } }, yml).length;
  expect(arrivedAs('2026-12-01T00:00:00.000Z', inEnvironment('2026-12-01'))).toBe(1);
  expect(arrivedAs('one two', 'provider:\n  environment:\n    KEY: one\n      two\n')).toBe(0);
});

test('a fault says what to do and shows no value', () => {
  const [fault] = textFaults({ provider: { environment: { KEY: 7 } } }, inEnvironment('007'));
  expect(fault).toMatch(/加引号.*quote it/);
  expect(fault).not.toContain('7');
});
