import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { writeStageFile } from './stageFile.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stage-'));
  path = join(root, '.env.local');
});
const environment = { TCB_ENV_ID: 'local-env', TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:1"}' };

test('it holds what the local cloud is reached by, and goes with it', () => {
  const remove = writeStageFile(root, environment);
  expect(parseEnv(readFileSync(path, 'utf8'))).toEqual(environment);
  remove();
  expect(existsSync(path)).toBe(false);
});

test('a file of somebody else’s stays as it is', () => {
  writeFileSync(path, 'MINE=1\n');
  writeStageFile(root, environment)();
  expect(readFileSync(path, 'utf8')).toBe('MINE=1\n');
});

test('the file of a cloud that runs stays, though another starts and fails; that of one that was killed is replaced', () => {
  const first = writeStageFile(root, environment, process.ppid);
  writeStageFile(root, { TCB_ENV_ID: 'second' })();
  expect(parseEnv(readFileSync(path, 'utf8'))).toEqual(environment);
  first();
  const gone = 2 ** 22 + 1;
  writeStageFile(root, environment, gone);
  writeStageFile(root, { TCB_ENV_ID: 'third' });
  expect(readFileSync(path, 'utf8')).toContain('third');
});
