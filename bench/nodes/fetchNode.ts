import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Fetches a Node of a version by npm, into `node_modules/.cache`; answers its path. */
export function fetchNode(version: string): string {
  const prefix = join(process.cwd(), 'node_modules', '.cache', `node${version}`);
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  output('npm', ['install', '--prefix', prefix, ...flags, `node-bin@npm:${name}@${version}`]);
  return join(prefix, 'node_modules', 'node-bin', 'bin', 'node');
}

/** Runs a command and answers what it printed; throws where it fails. */
export function output(command: string, args: string[]): string {
  const { status, stdout, error } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}`);
  return stdout;
}
