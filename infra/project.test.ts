import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callersOf } from '../shared/contract/callers.ts';
import { readProject } from './project.ts';

const head = 'provider: { region: ap-shanghai, timeout: 20, memorySize: 256 }\n';

async function read(yml: string) {
  const root = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  writeFileSync(join(root, 'serverless.yml'), yml);
  try {
    return await readProject(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('the project’s own file names every function of the contracts, and no other', async () => {
  const { functions } = await readProject(process.cwd());
  expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(callersOf).sort());
});

test('defaults come from the provider, a function’s own word wins', async () => {
  const { functions } = await read(
    `${head}functions:\n  a: { handler: functions/a/index.main }\n  b: { handler: functions/b/index.main, timeout: 60, events: [ { http: { path: /x } }, { timer: { name: t, cron: '0 * * * * * *' } } ] }`,
  );
  expect(functions).toEqual([
    { name: 'a', timeoutMs: 20_000, memoryMb: 256, timers: [], routes: [] },
    {
      ...{ name: 'b', timeoutMs: 60_000, memoryMb: 256, routes: [{ path: '/x' }] },
      timers: [{ name: 't', cron: '0 * * * * * *' }],
    },
  ]);
});

test.each([
  ['functions: {}', 'provider'],
  [`${head}functions: []`, 'functions'],
  [`${head}functions:\n  a: { handler: index.main }`, 'functions.a.handler'],
  [
    `${head}functions:\n  a: { handler: functions/a/index.main, timeout: 0 }`,
    'functions.a.timeout',
  ],
  [`${head}functions:\n  a: { handler: functions/a/index.main, events: {} }`, 'functions.a.events'],
  [
    `${head}functions:\n  a: { handler: functions/a/index.main, events: [ { timer: { name: t } } ] }`,
    'functions.a.events.timer.cron',
  ],
])('%j is refused at %s', async (yml, path) => {
  await expect(read(yml)).rejects.toThrow(path);
});
