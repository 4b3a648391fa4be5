import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginCommand } from './begin.ts';
import type { CommandContext } from './framework.ts';
import * as open from './open.ts';

const keyPair = {
  TENCENTCLOUD_SECRET_ID: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  TENCENTCLOUD_SECRET_KEY: 'secret-key',
};
const local = { ...keyPair, TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:7100' };

/** A command as it is typed in a project with these `.env` files. */
interface Typed {
  command: string;
  stage?: string;
  envId?: string;
  env?: Record<string, string>;
  files?: readonly string[];
  /** The content of `.env`. */
  text?: Buffer;
  environment?: Record<string, string>;
}

/** Begins a command; answers what it printed first, and why it was refused. */
function begin({ command, stage, envId = 'pay-1a2b3c', env = keyPair, ...rest }: Typed) {
  const { files = [], environment = {}, text } = rest;
  const serviceDir = mkdtempSync(join(tmpdir(), 'begin-'));
  for (const file of files) writeFileSync(join(serviceDir, file), '');
  if (text) writeFileSync(join(serviceDir, '.env'), text);
  const printed: string[] = [];
  const provider = { region: 'ap-shanghai', envId, stage: stage ?? 'dev', environment };
  const context = {
    framework: {
      serviceDir,
      service: {
        service: 'shop',
        provider: { ...provider, runtime: 'Nodejs20.19' },
        functions: { queryOrder: { handler: 'functions/queryOrder/index.main' } },
      },
      configurationInput: {},
      processedInput: { commands: command.split(' ') },
    },
    textFaults: [],
    options: { stage },
    env,
    utils: { log: { notice: (text: string) => printed.push(text) } },
  } as unknown as CommandContext;
  try {
    beginCommand(context, () => open);
    return { printed, refused: '' };
  } catch (error) {
    return { printed, refused: String(error) };
  }
}

const onCloud = [
  ...['plan', 'deploy', 'deploy function', 'info', 'remove', 'rollback function'],
  ...['invoke', 'invoke local', 'logs', 'doctor run'],
];

test.each(onCloud)('%s says first which environment, stage, region and account', (command) => {
  const { printed, refused } = begin({
    command,
    stage: 'prod',
    files: ['.env', '.env.prod'],
  });
  expect([printed.length, refused]).toEqual([1, '']);
  for (const word of ['pay-1a2b3c', 'prod', 'ap-shanghai', 'AKIDz8kr…MPLE']) {
    expect(printed[0]).toContain(word);
  }
  expect(printed[0]).not.toContain('secret-key');
  expect(printed[0]).not.toContain(keyPair.TENCENTCLOUD_SECRET_ID);
});

test.each(onCloud)('%s with a stage that no file stands for is refused by its name', (command) => {
  const { printed, refused } = begin({
    command,
    stage: 'prod',
    files: ['.env', '.env.production'],
  });
  expect([printed, refused]).toEqual([[], expect.stringMatching(/--stage prod.*\.env\.prod/)]);
});

test('a stage of the local cloud needs no file, and none of the real cloud is taken for it', () => {
  expect(begin({ command: 'deploy', stage: 'local', env: local }).refused).toBe('');
  expect(begin({ command: 'deploy', stage: 'local', env: local }).printed[0]).toContain(
    'http://127.0.0.1:7100',
  );
  expect(begin({ command: 'deploy', stage: 'local' }).refused).toMatch(/\.env\.local.*npm start/);
  expect(begin({ command: 'deploy', stage: 'prod', env: local }).refused).toContain('.env.prod');
});

test('everything that is missing is named at once, and how to fill it in', () => {
  const { printed, refused } = begin({ command: 'plan', envId: '', env: {} });
  expect(printed[0]).toContain('未设置 (not set)');
  for (const word of ['TCB_ENV_ID', 'TENCENTCLOUD_SECRET_ID', 'npm run init']) {
    expect(refused).toContain(word);
  }
});

test.each([
  ['plan', 'WXPAY_SERVICE_KEY'],
  ['deploy', 'WXPAY_SERVICE_KEY'],
  ['info', ''],
])('%s with a value that no function can read is refused by its name, "%s"', (command, named) => {
  const { refused } = begin({ command, environment: { WXPAY_SERVICE_KEY: 'short' } });
  expect([refused === '', refused]).toEqual([named === '', expect.stringContaining(named)]);
});

test('a command that acts on no cloud says nothing', () => {
  expect(begin({ command: 'package', stage: 'prod', envId: '', env: {} })).toEqual({
    printed: [],
    refused: '',
  });
});

test('a value that .env lost is refused by its key where settings are written, and read past elsewhere', () => {
  const text = Buffer.from('WXPAY_API_V3_KEY=$abc\n');
  expect(begin({ command: 'plan', text }).refused).toMatch(/\.env.*WXPAY_API_V3_KEY[\s\S]*\\\$/);
  expect(begin({ command: 'deploy', text }).refused).not.toContain('abc');
  expect(begin({ command: 'logs', text }).refused).toBe('');
  expect(begin({ command: 'deploy', text, env: local }).refused).toBe('');
  const arrived = { ...keyPair, WXPAY_API_V3_KEY: 'k'.repeat(32) };
  expect(begin({ command: 'deploy', text, env: arrived }).refused).toBe('');
});

test('an .env in UTF-16 is named wherever something is missing', () => {
  const text = Buffer.from('\uFEFFTCB_ENV_ID=pay-1a2b3c\n', 'utf16le');
  expect(begin({ command: 'logs', text, envId: '' }).refused).toMatch(/UTF-16[\s\S]*TCB_ENV_ID/);
  expect(begin({ command: 'deploy', text }).refused).toContain('UTF-16');
  expect(begin({ command: 'deploy', stage: 'prod', files: ['.env.prod'], text }).refused).toBe('');
});
