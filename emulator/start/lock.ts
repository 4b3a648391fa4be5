import { readFile, rm, writeFile } from 'node:fs/promises';

/** A local cloud that holds a data file. */
export interface Holder {
  pid: number;
  url: string;
}

/**
 * Takes a data file for one process alone: two local clouds over one would each believe half of
 * it. A lock whose process is gone (kill -9) is taken over. Answers how to let it go.
 */
export async function lockData(file: string, holder: Holder): Promise<() => Promise<void>> {
  const lock = `${file}.lock`;
  const [pid = '', url = ''] = (await readFile(lock, 'utf8').catch(() => '')).split('\n');
  const other = Number(pid);
  if (other > 0 && other !== holder.pid && isAlive(other)) {
    throw new Error(
      `本地云已在运行 (it already runs at) ${url}/ ，进程 ${other}，数据 ${file}。直接打开该页面，或先停止它；要另开一个，用 --port 与 --data (open that page, or stop it; for another one name --port and --data)`,
    );
  }
  await writeFile(lock, `${holder.pid}\n${holder.url}`);
  return () => rm(lock, { force: true });
}

/** Tells whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // Nobody has that number any more.
  }
}
