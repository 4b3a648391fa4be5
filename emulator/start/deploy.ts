import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { DeployProgress } from './progress.ts';
import { hasEnded, keepWatching } from './watching.ts';

/** A local cloud that is deployed to. */
interface DeployTarget {
  /** Lists what `serverless … --stage local` needs. */
  deployEnvironment(): Record<string, string>;
}

/** The project is deployed to a local cloud with these options. */
export interface LocalDeployOptions {
  /** The project's folder. */
  root: string;
  /** The shell's environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Deploys changed functions on save, until it is stopped or this process ends. */
  watch?: boolean;
  /** Is told how far the deploy is, and each that a change of `serverless.yml` makes. */
  progress?: Pick<DeployProgress, 'begin' | 'step' | 'end'>;
  /** Takes what the deploy prints. */
  write(text: string): void;
}

/** Keeps the framework from telemetry, from looking for updates and from guessing by the time zone: nothing leaves the machine. */
export const QUIET = {
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
  cloud: DeployTarget,
  options: LocalDeployOptions,
): Promise<() => Promise<void>> {
  const { watch = false, write } = options;
  const running = new Set<ChildProcess>();
  const deploy = async (): Promise<ChildProcess> => {
    const child = startDeploy(cloud, options);
    running.add(child);
    child.once('exit', () => running.delete(child));
    options.progress?.begin();
    try {
      await waitForDeploy(child, options);
      options.progress?.end('done');
      return child;
    } catch (error) {
      options.progress?.end('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  const stopped = new AbortController();
  if (watch) await keepWatching({ deploy, signal: stopped.signal, write });
  else await deploy();
  return async () => {
    stopped.abort();
    await Promise.all([...running].map(end));
  };
}

/** The deploy tells these to whoever started it. */
interface FromDeploy {
  done?: number;
  total?: number;
  /** Everything stands. */
  deployed?: boolean;
  /** It read these files as it started, and they changed; it waits for `goOn`. */
  changed?: string[];
}

function startDeploy(
  cloud: DeployTarget,
  { root, env, watch = false }: LocalDeployOptions,
): ChildProcess {
  const bin = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const args = [bin, 'deploy', '--stage', 'local', ...(watch ? ['--watch'] : [])];
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ...QUIET, ...cloud.deployEnvironment() },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Waits for the deploy: a watcher says that it stands, another one ends. */
function waitForDeploy(
  child: ChildProcess,
  { write, progress }: LocalDeployOptions,
): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('message', ({ done, total, deployed }: FromDeploy) => {
      // One turn later: what it printed before is read by then, and the address is the last word.
      if (deployed) setImmediate(resolve);
      if (done !== undefined && total !== undefined) progress?.step({ done, total });
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`serverless deploy 失败 (failed), exit ${code}\n${output}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
