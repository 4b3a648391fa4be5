import { expect, test } from 'vitest';
import {
  type Change,
  combine,
  notDeployed,
  type Row,
  stateWith,
  textsOf,
  unchanged,
  unreadableFact,
} from '../../../../../tests/support/doctor/changes.ts';
import { soundFacts } from '../../../../../tests/support/doctor/soundFacts.ts';
import { functionNames } from '../../../../build/build.ts';
import type { FunctionVersion } from '../../../resources/functionState.ts';
import { known } from '../../facts/fact.ts';
import type { Level } from '../../findings/finding.ts';
import { checkDeployed } from './deployed.ts';

const rolledBackTo = (more: Partial<FunctionVersion>) =>
  stateWith('payCallback', ({ latest }) => ({ serving: '1', served: { ...latest, ...more } }));
const foreign = (part: 'latest' | 'served') =>
  stateWith('payCallback', (state) => ({ [part]: { ...state[part], description: 'theirs' } }));

const rows: Row[] = [
  ['all', unchanged, 'ok', 'deployed.functions', /\d/],
  ['none yet', notDeployed, 'unknown', 'deployed.functions', /尚未部署/],
  [
    'all but one',
    (facts) => ({ ...facts, functions: { ...facts.functions, payCallback: known(undefined) } }),
    'broken',
    'deployed.functions',
    /payCallback/,
  ],
  [
    'one that cannot be read',
    (facts) => ({
      ...facts,
      functions: { ...facts.functions, payCallback: unreadableFact('InternalError') },
    }),
    'unknown',
    'deployed.functions',
    /InternalError/,
  ],
  [
    'one that failed',
    stateWith('payCallback', () => ({ status: 'CreateFailed', statusText: 'role' })),
    'broken',
    'deployed.status',
    /CreateFailed role/,
  ],
  [
    'a key changed in the console alone',
    stateWith('payCallback', ({ latest }) => ({
      newest: { version: '2', content: { ...latest, environment: {} } },
    })),
    'broken',
    'deployed.published',
    /WXPAY_MCHID/,
  ],
  [
    'code that was not published',
    stateWith('payCallback', ({ latest }) => ({
      latest: { ...latest, description: 'shop, code 2' },
    })),
    'broken',
    'deployed.published',
    /payCallback: .*: 代码 \(code\)$/,
  ],
  [
    'rolled back, and to what',
    rolledBackTo({ description: 'shop, code 0', timeoutS: 1 }),
    'warn',
    'deployed.serving',
    /版本 1，最新版本 2 .*: 代码 \(code\), timeoutS$/,
  ],
  [
    'rolled back, while what was edited is not published',
    combine(
      rolledBackTo({ timeoutS: 1 }),
      stateWith('payCallback', ({ latest }) => ({ latest: { ...latest, memoryMb: 64 } })),
    ),
    'broken',
    'deployed.published',
    /: memoryMb$/,
  ],
  ['what somebody else edits', foreign('latest'), 'broken', 'deployed.foreign', /: payCallback$/],
  ['what callers get of somebody', foreign('served'), 'broken', 'deployed.foreign', /payCallback/],
  [
    'somebody else’s is not counted',
    foreign('latest'),
    'ok',
    'deployed.functions',
    new RegExp(`: ${functionNames.length - 1}$`),
  ],
];

const silent: [what: string, change: Change, level: Level, check: string][] = [
  ['rolled back is not unpublished', rolledBackTo({ timeoutS: 1 }), 'broken', 'deployed.published'],
  [
    'where callers get $LATEST itself, an edit has reached them',
    stateWith('payCallback', ({ latest }) => {
      const edited = { ...latest, timeoutS: 1 };
      return { serving: '$LATEST', latest: edited, served: edited };
    }),
    'broken',
    'deployed.published',
  ],
  ['somebody else’s is not missing', foreign('latest'), 'broken', 'deployed.functions'],
];

test.each(silent)('%s', (_what, change, level, check) => {
  expect(textsOf(checkDeployed, change, level, check)).toBe('');
});

test('the finding of somebody else’s function says what to do', () => {
  const findings = checkDeployed(foreign('latest')(soundFacts()));
  const found = findings.find(({ check }) => check === 'deployed.foreign');
  expect(found?.fix).toContain('--adopt');
});

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkDeployed, change, level, check)).toMatch(text);
});
