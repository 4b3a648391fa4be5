import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { isHeld, lockData } from './lock.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'data.db');
});
const me = { pid: process.pid, url: 'http://127.0.0.1:7200' };

/** Starts another process that takes the data and never ends by itself. */
async function otherProcess() {
  const script = `
    import { lockData } from '${pathToFileURL(join(import.meta.dirname, 'lock.ts'))}';
    await lockData(process.argv[1], { pid: process.pid, url: 'http://127.0.0.1:7100' });
    console.log('held');
    setInterval(() => {}, 1000);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('whoever comes second is shown where the first one runs, though nothing answers there; one that is killed holds nothing', async () => {
  const first = await otherProcess();
  await expect(lockData(file, me)).rejects.toThrow(
    new RegExp(`已在运行.*http://127.0.0.1:7100/ ，进程 ${first.pid}.*--data`),
  );
  expect(isHeld(file)).toBe(true);
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(isHeld(file)).toBe(false);
  await (await lockData(file, me))();
});

test('a note with the number of a process that runs, and is another, holds nothing', async () => {
  writeFileSync(`${file}.lock`, `${process.ppid}\nhttp://127.0.0.1:7100`);
  const unlock = await lockData(file, me);
  await expect(lockData(file, me)).rejects.toThrow(/已在运行.*http:\/\/127\.0\.0\.1:7200\//);
  await unlock();
  await (await lockData(file, me))();
});

test('of several that start at once one has the data', async () => {
  const starts = await Promise.allSettled(Array.from({ length: 8 }, () => lockData(file, me)));
  expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
