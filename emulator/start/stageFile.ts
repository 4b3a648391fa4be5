import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isHeld } from './lock.ts';

const HEAD =
  '# 由 npm start 写入，停止时删除 (npm start writes it, and takes it away when it stops)\n';
const DATA = '# 数据 (data) ';

/**
 * Writes `.env.local`, by which `serverless … --stage local` in another terminal reaches the local
 * cloud that runs, over the data folder it names; answers how to take it away. A file of somebody
 * else's is left alone, and that of another local cloud which runs still.
 */
export function writeStageFile(
  root: string,
  environment: Readonly<Record<string, string>>,
  data: string,
): () => void {
  const path = join(root, '.env.local');
  const file = join(resolve(root, data), 'data.db');
  if (existsSync(path)) {
    if (isOfAnother(readFileSync(path, 'utf8'), file)) return () => {};
    rmSync(path, { force: true });
  }
  const lines = Object.entries(environment).map(([key, value]) => `${key}='${value}'\n`);
  const text = `${HEAD}${DATA}${file}\n${lines.join('')}`;
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (existsSync(path)) return () => {}; // Another one was first.
    throw error;
  }
  return () => {
    // Whoever edited it may want to keep it.
    if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path);
  };
}

function isOfAnother(text: string, ours: string): boolean {
  if (!text.startsWith(HEAD)) return true;
  const [line = ''] = text.slice(HEAD.length).split('\n');
  const file = line.startsWith(DATA) ? line.slice(DATA.length) : ours;
  return file !== ours && isHeld(file);
}
