import { expect, test } from 'vitest';
import { environment } from '../../../shared/contract/environment.ts';
import {
  type Change,
  combine,
  deployedWith,
  notDeployed,
  unchanged,
  unreadableFact,
  withFacts,
  withSettings,
} from '../../../tests/support/doctor/changes.ts';
import { soundFacts, soundSettings } from '../../../tests/support/doctor/soundFacts.ts';
import { runChecks } from './checks.ts';
import { reportOf } from './findings/report.ts';

const sound = soundFacts();
const secretKeys = ['WXPAY_PRIVATE_KEY', 'WXPAY_API_V3_KEY', 'WXPAY_SERVICE_KEY'] as const;
const everySetting = [...Object.keys(environment), 'TZ'];

/** Deployments, from a whole one to almost none. */
const deployments: [what: string, change: Change][] = [
  ['a sound one', unchanged],
  ['none yet', notDeployed],
  ['one about to be made', combine(notDeployed, withSettings(soundSettings))],
  ['one that cannot be read', withFacts({ functions: {}, timers: {}, collections: {} })],
  [
    'no credentials',
    withFacts({ access: unreadableFact('ACCESS'), environment: unreadableFact('ACCESS') }),
  ],
  ...everySetting.map((key): [string, Change] => [
    `one without ${key}`,
    deployedWith({ [key]: undefined }),
  ]),
  // Secrets in each other's place, where an error that quotes what it read would show them.
  ...everySetting.flatMap((key) =>
    secretKeys.map((secret): [string, Change] => [
      `one with ${secret} as ${key}`,
      deployedWith({ [key]: soundSettings[secret] }),
    ]),
  ),
];

test.each<[string, Change]>([
  ['after a deploy', unchanged],
  ['before the first one', combine(notDeployed, withSettings(soundSettings))],
])('where all is well nothing is broken and nothing warned of, %s', (_when, change) => {
  const levels = new Set(runChecks(change(sound)).map(({ level }) => level));
  expect(levels).toEqual(new Set(['ok', 'unknown']));
});

test.each(deployments)(
  'findings speak Chinese and English and say what to do: %s',
  (_what, change) => {
    const findings = runChecks(change(sound));
    expect(findings.length).toBeGreaterThan(10);
    for (const { level, what, fix = '' } of findings) {
      expect(what).toMatch(/[a-zA-Z]/);
      if (level === 'broken' || level === 'warn') expect(fix).not.toBe('');
    }
  },
);

test.each(deployments)('no finding shows a secret: %s', (_what, change) => {
  const printed = JSON.stringify(runChecks(change(sound)));
  for (const key of secretKeys) {
    const text = (soundSettings[key] ?? '').replace(/-----[^-]+-----|\s/g, '');
    // Any part of it that is long enough to be of use.
    for (let at = 0; at + 16 <= text.length; at += 8) {
      expect(printed).not.toContain(text.slice(at, at + 16));
    }
  }
});

test.each(deployments)('every finding is in the report, its fix below it: %s', (_what, change) => {
  const findings = runChecks(change(sound));
  const lines = reportOf(findings).split('\n');
  for (const { what, fix } of findings) {
    const at = lines.findIndex((line) => line.endsWith(` ${what}`));
    expect(at).toBeGreaterThan(0);
    if (fix) expect(lines).toContain(`      → ${fix}`);
  }
});
