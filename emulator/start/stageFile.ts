import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './lock.ts';

const HEAD =
  '# 由 npm start 写入，停止时删除 (npm start writes it, and takes it away when it stops)\n';
const PROCESS = '# 进程 (process) ';

/**
 * Writes `.env.local`, by which `serverless … --stage local` in another terminal reaches the local
 * cloud that runs; answers how to take it away. A file of somebody else's is left alone, and that
 * of another local cloud which runs still.
 */
export function writeStageFile(
  root: string,
  environment: Readonly<Record<string, string>>,
  pid = process.pid,
): () => void {
  const path = join(root, '.env.local');
  if (existsSync(path) && isHeld(readFileSync(path, 'utf8'))) return () => {};
  const lines = Object.entries(environment).map(([key, value]) => `${key}='${value}'\n`);
  const text = `${HEAD}${PROCESS}${pid}\n${lines.join('')}`;
  writeFileSync(path, text, { mode: 0o600 });
  return () => {
    // Whoever edited it may want to keep it.
    if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path);
  };
}

function isHeld(text: string): boolean {
  if (!text.startsWith(HEAD)) return true;
  const holder = Number(text.slice(HEAD.length).split('\n')[0]?.replace(PROCESS, ''));
  return holder > 0 && isAlive(holder);
}
