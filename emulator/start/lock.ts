import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import Database from 'libsql';

/** A local cloud that holds a data file. */
export interface Holder {
  pid: number;
  url: string;
}

/**
 * Takes a data file for one cloud alone: two local clouds over one would each believe half of it.
 * Answers how to let it go.
 */
export async function lockData(file: string, holder: Holder): Promise<() => Promise<void>> {
  const note = `${file}.lock`;
  const letGo = hold(file);
  if (!letGo) {
    const [pid = '', url = ''] = (await readFile(note, 'utf8').catch(() => '')).split('\n');
    throw new Error(
      `本地云已在运行 (it already runs at) ${url || '…'}/ ，进程 ${pid || '…'}，数据 ${file}。直接打开该页面，或先停止它；要另开一个，用 --port 与 --data (open that page, or stop it; for another one name --port and --data)`,
    );
  }
  await writeFile(note, `${holder.pid}\n${holder.url}`);
  return async () => {
    await rm(note, { force: true });
    letGo();
  };
}

/** Tells whether a local cloud, this one too, has a data file. */
export function isHeld(file: string): boolean {
  if (!existsSync(heldBy(file))) return false;
  const letGo = hold(file);
  letGo?.();
  return !letGo;
}

/**
 * Takes a file by a lock of the system's, which ends with the process however that ends: a number
 * of a process in a file would stay, and become another's. Undefined where somebody has it.
 */
function hold(file: string): (() => void) | undefined {
  const lock = new Database(heldBy(file));
  try {
    lock.exec('PRAGMA busy_timeout=0; BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

/** Names the file of the lock, which stays: whoever removed it could remove another's. */
function heldBy(file: string): string {
  return `${file}.held`;
}
