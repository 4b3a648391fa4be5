import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { lockData } from './lock.ts';
import { writeStageFile } from './stageFile.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stage-'));
  path = join(root, '.env.local');
});
const environment = { TCB_ENV_ID: 'local-env', TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:1"}' };

test('it holds what the local cloud is reached by, and goes with it', () => {
  const remove = writeStageFile(root, environment, '.local');
  expect(parseEnv(readFileSync(path, 'utf8'))).toEqual(environment);
  remove();
  expect(existsSync(path)).toBe(false);
});

test('a file of somebody else’s stays as it is', () => {
  writeFileSync(path, 'MINE=1\n');
  writeStageFile(root, environment, '.local')();
  expect(readFileSync(path, 'utf8')).toBe('MINE=1\n');
});

test('the file of a cloud that runs stays, though another starts and fails; that of one that was killed is replaced', async () => {
  mkdirSync(join(root, '.local'));
  const holder = { pid: process.pid, url: 'http://127.0.0.1:7100' };
  const killed = await lockData(join(root, '.local', 'data.db'), holder);
  writeStageFile(root, environment, '.local');
  writeStageFile(root, { TCB_ENV_ID: 'second' }, '.local2')();
  expect(parseEnv(readFileSync(path, 'utf8'))).toEqual(environment);
  await killed();
  writeStageFile(root, { TCB_ENV_ID: 'third' }, '.local2');
  expect(readFileSync(path, 'utf8')).toContain('third');
});

test('a cloud that was killed leaves a file that the next one over its data replaces', async () => {
  mkdirSync(join(root, '.local'));
  const holder = { pid: process.pid, url: 'http://127.0.0.1:7100' };
  writeStageFile(root, { TCB_ENV_ID: 'killed' }, '.local');
  const unlock = await lockData(join(root, '.local', 'data.db'), holder);
  writeStageFile(root, environment, '.local');
  expect(parseEnv(readFileSync(path, 'utf8'))).toEqual(environment);
  await unlock();
});
