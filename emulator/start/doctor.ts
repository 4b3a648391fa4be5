import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Finding } from '../control/api/deployed/functions.ts';
import { QUIET } from './deploy.ts';

/** The doctor needs these to look at a local cloud. */
export interface DoctorOptions {
  /** The project's folder. */
  root: string;
  /** The shell's environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Lists what `--stage local` needs to reach the cloud. */
  deployEnvironment(): Record<string, string>;
}

/**
 * Makes a way to run the real `serverless doctor run` against a local cloud. It ends with 1 where something is
 * broken, and has its findings all the same. Whoever asks while it runs gets the same findings.
 */
export function createDoctor(options: DoctorOptions): () => Promise<Finding[]> {
  let running: Promise<Finding[]> | undefined;
  return () => {
    running ??= runDoctor(options).finally(() => {
      running = undefined;
    });
    return running;
  };
}

function runDoctor({ root, env, deployEnvironment }: DoctorOptions): Promise<Finding[]> {
  const bin = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const args = [bin, 'doctor', 'run', '--stage', 'local', '--json'];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ...QUIET, ...deployEnvironment() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const findings = findingsIn(output.out);
      if (findings) resolve(findings);
      else
        reject(
          new Error(`诊断没有运行 (the doctor did not run): ${reasonIn(output.err + output.out)}`),
        );
    });
  });
}

/** Reads the list, after which the framework says that something is broken. */
function findingsIn(text: string): Finding[] | undefined {
  try {
    const findings: unknown = JSON.parse(text.slice(0, text.lastIndexOf('\n]') + 2));
    return Array.isArray(findings) ? findings : undefined;
  } catch {
    return undefined;
  }
}

/** Takes what the framework wrote last, which is what stopped it. */
function reasonIn(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n');
}
