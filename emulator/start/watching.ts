import type { ChildProcess } from 'node:child_process';

/** A deploy that watches is kept alive with these. */
export interface Watching {
  /** Deploys the project; answers the process that watches it, once everything stands. */
  deploy(): Promise<ChildProcess>;
  /** Aborted: nothing is to be watched any more. */
  signal: AbortSignal;
  write(text: string): void;
}

/** More deaths than these have a cause that a start does not mend. */
const RESTARTS = 3;

const NOT_DEPLOYED =
  'serverless.yml 的改动未部署，之前部署的继续运行 (the change of serverless.yml is not deployed, what was deployed goes on)\n';
const DIED =
  '监视保存的进程已退出，重新部署 (the process that watches for saves has ended, it is started again)\n';
const GIVEN_UP =
  '保存不再部署，之前部署的继续运行；请停止后重新运行 npm start (saves are deployed no more, what was deployed goes on; stop and run npm start again)\n';

/**
 * Deploys the project and keeps it watched: a change of `serverless.yml` is deployed by a second
 * process, which takes over once it stands, and a watcher that dies is started again.
 */
export async function keepWatching({ deploy, signal, write }: Watching): Promise<void> {
  let restarts = 0;
  const restart = async () => {
    if (signal.aborted) return;
    restarts += 1;
    if (restarts > RESTARTS) return write(GIVEN_UP);
    write(DIED);
    await deploy().then(follow, () => signal.aborted || write(GIVEN_UP));
  };
  const follow = (watcher: ChildProcess) => {
    let isReplaced = false;
    watcher.once('exit', () => isReplaced || restart());
    watcher.on('message', async ({ changed = [] }: { changed?: string[] }) => {
      if (changed.length === 0) return;
      // `.env` has no say in a local cloud.
      if (changed.includes('serverless.yml')) {
        isReplaced = true;
        try {
          follow(await deploy());
          return void watcher.kill('SIGTERM');
        } catch {
          isReplaced = false;
          if (!signal.aborted) write(NOT_DEPLOYED);
        }
        if (hasEnded(watcher)) return void restart();
      }
      if (watcher.connected) watcher.send('goOn');
    });
  };
  follow(await deploy());
}

/** Tells whether a process has ended. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
