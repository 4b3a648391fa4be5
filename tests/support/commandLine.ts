import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs the local cloud's command line as npm does; answers its output and its exit code. */
export async function runCommandLine(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'emulator/cli.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...output };
}
