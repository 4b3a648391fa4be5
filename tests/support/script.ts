import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LocalCloud } from '../../emulator/main.ts';

/** Runs a Node program as `npm run local -- exec` does, against a cloud that is there already. */
export async function script(
  cloud: Pick<LocalCloud, 'environment'>,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...cloud.environment() },
  });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...output };
}
