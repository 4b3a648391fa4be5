import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockData } from './lock.ts';

test('whoever comes second is shown where the first one runs; a process that is gone holds nothing', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'data.db');
  const unlock = await lockData(file, { pid: process.ppid, url: 'http://127.0.0.1:7100' });
  const second = lockData(file, { pid: process.pid, url: 'http://127.0.0.1:7200' });
  await expect(second).rejects.toThrow(/已在运行.*http:\/\/127\.0\.0\.1:7100\/.*--data/);
  await unlock();
  await lockData(file, { pid: 2 ** 22 + 1, url: 'http://127.0.0.1:7100' });
  await expect(lockData(file, { pid: process.pid, url: '' })).resolves.toBeTypeOf('function');
});
