import { readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Takes a data file for this process alone: two local clouds over one would each believe half of
 * it. A lock whose process is gone (kill -9) is taken over. Answers how to let it go.
 */
export async function lockData(file: string): Promise<() => Promise<void>> {
  const lock = `${file}.lock`;
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    const message = `${file} 正被另一个本地云（进程 ${holder}）使用，请先停止它，或用 --data 换一个目录`;
    throw new Error(
      `${message} (another local cloud uses it: stop that one, or name another --data)`,
    );
  }
  await writeFile(lock, String(process.pid));
  return () => rm(lock, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // Nobody has that number any more.
  }
}
