import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LocalCloud } from '../../emulator/main.ts';

/** How a program ended, and what it wrote. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a Node program as `npm run local -- exec` does, against a cloud that is there already. */
export function script(cloud: Pick<LocalCloud, 'environment'>, ...args: string[]): Promise<Ended> {
  return runProgram([process.execPath, ...args], { env: cloud.environment() });
}

/** Runs a program to its end, with `input` to read. */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  // A program that ends without having read all of it is judged by its end.
  child.stdin.on('error', () => {}).end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...output };
}
