import { stripVTControlCharacters } from 'node:util';
import type { DeployState, RunnerControls } from '../control/deps.ts';
import type { Timeline } from '../world/timeline/timeline.ts';

/** The deploy of a start, as it is told to those who look meanwhile. */
export interface DeployProgress {
  current(): DeployState;
  /** Begins; what is deployed already may be called all along. */
  begin(): void;
  step(progress: { done: number; total: number }): void;
  end(state: 'done'): void;
  end(state: 'failed', reason: string): void;
}

/** Keeps the progress of a deploy and puts each step on the timeline, which the page follows. */
export function createDeployProgress({ add }: Timeline): DeployProgress {
  let current: DeployState = { state: 'none', done: 0, total: 0 };
  const change = (next: Partial<DeployState>) => {
    current = { ...current, ...next };
    const { state, done, total } = current;
    add({ what: 'deploy.progress', detail: { state, done, total } });
  };
  return {
    current: () => current,
    begin: () => {
      current = { state: 'running', done: 0, total: 0 };
      change({});
    },
    step: ({ done, total }) => change({ done, total }),
    end: (state: 'done' | 'failed', reason?: string) =>
      change(reason === undefined ? { state } : { state, reason: lastLines(reason) }),
  };
}

const REASON_LINES = 20;

/** Takes the end of an output, without the codes that colour a terminal. */
function lastLines(output: string): string {
  return stripVTControlCharacters(output).trim().split('\n').slice(-REASON_LINES).join('\n');
}

/** Says of a function that is not there yet that it is being deployed, while it is. */
export function withDeployProgress(
  runner: RunnerControls,
  { current }: DeployProgress,
): RunnerControls {
  return {
    ...runner,
    invoke: async (name, event, invoker) => {
      const { state, done, total } = current();
      const isThere = runner.functions().some((fn) => fn.name === name);
      if (state !== 'running' || isThere) return runner.invoke(name, event, invoker);
      return { requestId: '', durationMs: 0, log: [], error: beingDeployed(done, total) };
    },
  };
}

function beingDeployed(done: number, total: number) {
  const count = total === 0 ? '' : ` ${done}/${total}`;
  return {
    code: 'BEING_DEPLOYED',
    message: `正在部署${count}，请稍候 (being deployed: wait a moment)`,
  };
}
