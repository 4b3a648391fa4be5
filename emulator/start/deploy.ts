import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { LocalCloud } from '../main.ts';

/** The project is deployed to a local cloud with these options. */
export interface LocalDeployOptions {
  /** The project's folder. */
  root: string;
  /** The shell's environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Deploys changed functions on save, until it is stopped or this process ends. */
  watch?: boolean;
  /** Takes how far the deploy is. */
  onProgress?(progress: { done: number; total: number }): void;
  /** Takes what the deploy prints. */
  write(text: string): void;
}

/** No telemetry, no look for updates, no guess from the time zone: nothing leaves the machine. */
const QUIET = {
  SLS_GEO_LOCATION: 'no-cn',
  SLS_TELEMETRY_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
  SLS_DISABLE_AUTO_UPDATE: '1',
  SLS_INTERACTIVE_SETUP_ENABLE: '0',
};

/**
 * Deploys the project with the real `serverless deploy --stage local`; settles once it stands.
 * Rejects with its output when it fails. Answers how to stop the watcher.
 */
export async function deployProject(
  cloud: Pick<LocalCloud, 'deployEnvironment'>,
  { root, env, watch = false, onProgress = () => {}, write }: LocalDeployOptions,
): Promise<() => Promise<void>> {
  const bin = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const args = [bin, 'deploy', '--stage', 'local', ...(watch ? ['--watch'] : [])];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ...QUIET, ...cloud.deployEnvironment() },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      write(text);
    });
  }
  child.on('message', (message) => {
    if (typeof message === 'object') onProgress(message as { done: number; total: number });
  });
  await waitForDeploy(child, () => output);
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
}

/**
 * Waits for the first deploy: the watcher sends `deployed` after it, without one the process ends.
 */
function waitForDeploy(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'deployed') resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`serverless deploy 失败 (failed), exit ${code}\n${output()}`));
    });
  });
}
