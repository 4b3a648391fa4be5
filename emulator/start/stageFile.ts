import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD =
  '# 由 npm start 写入，停止时删除 (npm start writes it, and takes it away when it stops)\n';

/**
 * Writes `.env.local`, by which `serverless … --stage local` in another terminal reaches the local
 * cloud that runs; answers how to take it away. A file of somebody else's is left alone.
 */
export function writeStageFile(
  root: string,
  environment: Readonly<Record<string, string>>,
): () => void {
  const path = join(root, '.env.local');
  const isTheirs = existsSync(path) && !readFileSync(path, 'utf8').startsWith(HEAD);
  if (isTheirs) return () => {};
  const lines = Object.entries(environment).map(([key, value]) => `${key}='${value}'\n`);
  const text = `${HEAD}${lines.join('')}`;
  writeFileSync(path, text, { mode: 0o600 });
  return () => {
    // Another local cloud may have written its own since.
    if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path);
  };
}
