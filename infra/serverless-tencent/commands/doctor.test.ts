import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type Change,
  deployedWith,
  unchanged,
  withFacts,
} from '../../../tests/support/doctor/changes.ts';
import { soundFacts } from '../../../tests/support/doctor/soundFacts.ts';
import type { CommandContext, CommandOptions } from '../context/framework.ts';
import { known } from '../doctor/facts/fact.ts';
import { runDoctor } from './doctor.ts';

/** Makes a command's context in this project, and keeps what is printed. */
function sessionWith(options: CommandOptions = {}, env: CommandContext['env'] = {}) {
  const printed: string[] = [];
  const yml = parse(readFileSync('serverless.yml', 'utf8'));
  const provider = { ...yml.provider, envId: 'pay-1a2b3c', region: 'ap-shanghai', environment: {} };
  const context = {
    framework: {
      serviceDir: process.cwd(),
      service: { service: 'shop', provider, functions: yml.functions, package: {} },
      configurationInput: {},
    },
    textFaults: [],
    options,
    env,
    utils: { writeText: (text: string) => printed.push(text) },
    nowMs: Date.now,
    wait: async () => undefined,
  } as unknown as CommandContext;
  return { session: context, text: () => printed.join('\n') };
}

const about = (change: Change) => async () => change(soundFacts());

test('where all is well the report ends with how many of each, and nothing is thrown', async () => {
  const { session: context, text } = sessionWith();
  await runDoctor(context, about(unchanged));
  expect(text()).toMatch(/^访问密钥 \(credentials\)\n {2}✔ /);
  expect(text()).toMatch(
    /\n\n正常 \(ok\) \d+，提醒 \(warnings\) 0，错误 \(broken\) 0，未知 \(unknown\) 5$/,
  );
});

test('what is broken is printed with its fix, and then thrown', async () => {
  const { session: context, text } = sessionWith();
  const change = deployedWith({ WXPAY_API_V3_KEY: 'too short' });
  await expect(runDoctor(context, about(change))).rejects.toThrow(
    /1 处错误.*merchant\.settings\.WXPAY_API_V3_KEY$/,
  );
  expect(text()).toMatch(/ {2}✘ .*WXPAY_API_V3_KEY.*\n {6}→ APIv3 密钥，32 个字符/);
  expect(text()).not.toContain('too short');
});

test('a warning breaks nothing', async () => {
  const { session: context, text } = sessionWith();
  await runDoctor(context, about(withFacts({ clock: known(100_000) })));
  expect(text()).toContain('  ! 本机时钟快 100 秒');
});

test('--json prints the findings', async () => {
  const { session: context, text } = sessionWith({ json: true });
  await runDoctor(context, about(withFacts({ storage: known('CUSTOM') })));
  const findings = JSON.parse(text()) as { level: string; check: string }[];
  expect(findings).toContainEqual(
    expect.objectContaining({ level: 'unknown', check: 'storage.rule' }),
  );
});

test('missing credentials of a shell are reported, and nothing is asked of the cloud', async () => {
  const { session: context, text } = sessionWith();
  await expect(runDoctor(context)).rejects.toThrow(/credentials\.present/);
  expect(text()).toContain('TENCENTCLOUD_SECRET_ID');
  expect(text()).toContain('? 未检查 (not checked): 没有可用的访问密钥 (no usable key pair)');
});

test('a cloud that does not answer leaves all about it unknown', async () => {
  const { session: context, text } = sessionWith(
    { 'merchant-cert': 'LICENSE' },
    {
      TENCENTCLOUD_SECRET_ID: 'id',
      TENCENTCLOUD_SECRET_KEY: 'secret-of-this-test',
      TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:9',
    },
  );
  await expect(runDoctor(context)).rejects.toThrow(/merchant\.cert/);
  expect(text()).toContain('ECONNREFUSED');
  expect(text()).toMatch(/✘ --merchant-cert 无法读取/);
  expect(text()).not.toContain('secret-of-this-test');
});
