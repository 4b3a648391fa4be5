import type { World } from '../../world/world.ts';
import { refuse } from '../errors.ts';
import {
  type FunctionState,
  type Functions,
  failWork,
  finishWork,
  isUnderWay,
  type Status,
} from './functions.ts';

type BusyCode = `FailedOperation.${'FunctionStatusError' | 'UpdateFunctionCode'}`;

/** Work that takes its time, one at a time for each function. */
export interface Progress {
  /**
   * Answers the function, ready for a write. Refuses while another is under way, with the code that
   * the real service has for the action; one that was never created can only be deleted.
   */
  ready(name: string, code?: BusyCode): FunctionState;
  /** Answers as {@link Progress.ready}, if its last update did not fail: what can be published. */
  active(name: string): FunctionState;
  /** Writes the state of a function whose work begins; it ends by itself. */
  begin(state: FunctionState): void;
}

/**
 * Lets Creating, Updating and Publishing last `stateMs` real milliseconds each. An `error` fault at
 * `scf.Creating` (…) lets the work come to nothing. `changed` is called when it has ended.
 */
export function createProgress(
  world: World,
  functions: Functions,
  stateMs: number,
  changed: () => void,
): Progress {
  const endWork = (name: string, id: string) => {
    const state = functions.find(name);
    if (state?.id !== id || !isUnderWay(state.status)) return;
    const fault = world.faults.take(`scf.${state.status}`, 'error');
    functions.put(fault ? failWork(state) : finishWork(state));
    changed();
  };
  const checked = (isReady: (status: Status) => boolean, name: string, code: BusyCode) => {
    const state = functions.get(name);
    if (!isReady(state.status)) throw busy(state, code);
    return state;
  };
  const isReady = (status: Status) => !isUnderWay(status) && status !== 'CreateFailed';
  return {
    ready: (name, code = 'FailedOperation.FunctionStatusError') => checked(isReady, name, code),
    active: (name) =>
      checked((status) => status === 'Active', name, 'FailedOperation.FunctionStatusError'),
    begin: (state) => {
      functions.put(state);
      world
        .waitMs(stateMs)
        .then(() => endWork(state.name, state.id))
        .catch((error: unknown) => {
          const detail = { error: String(error) };
          world.timeline.add({ what: 'scf.failed', subject: state.name, detail });
        });
    },
  };
}

function busy({ name, status }: FunctionState, code: BusyCode) {
  return refuse(code, `函数 ${name} 当前状态为 ${status}，${adviceFor(status)}`);
}

function adviceFor(status: Status): string {
  if (status === 'CreateFailed') return '请删除后重新创建 (delete it and create it again)';
  if (status === 'UpdateFailed') return '请先更新成功 (update it with success first)';
  return '请等待变为 Active 后再试 (wait until it is Active)';
}
