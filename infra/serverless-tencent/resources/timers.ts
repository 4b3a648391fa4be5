import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { DEFAULT_ALIAS } from './functionState.ts';
import type { DeployOptions, Resource, Step } from './resource.ts';

/** A timer trigger as the cloud has it. */
interface TimerState {
  name: string;
  cron: string;
  enabled: boolean;
}

/** The timer triggers (定时触发器) of a function. */
export function timersResource(
  cloud: Cloud,
  service: Service,
  one: ServiceFunction,
  options: DeployOptions,
): Resource {
  const at = { FunctionName: one.name, Namespace: service.envId };
  const subject = (name: string) => `timer ${one.name}/${name}`;
  const left = (there: TimerState[]) =>
    there.filter(({ name }) => !one.timers.some((timer) => timer.name === name));
  const put = (action: 'CreateTrigger' | 'UpdateTrigger', does: string) =>
    function stepOf({ name, cron, enabled }: TimerState): Step {
      const Enable = enabled ? 'OPEN' : 'CLOSE';
      return {
        subject: subject(name),
        does: `${does}: ${cron}${enabled ? '' : ' 停用 (off)'}`,
        run: async () => {
          await cloud.scf(action, { ...at, ...named(name), TriggerDesc: cron, Enable });
        },
      };
    };
  const remove = ({ name }: TimerState): Step => ({
    subject: subject(name),
    does: '删除 (remove)',
    run: async () => {
      await cloud.scf('DeleteTrigger', { ...at, ...named(name) });
    },
  });
  return {
    subject: `timers ${one.name}`,
    steps: async () => {
      const there = await readTimers(cloud, at);
      const find = (name: string) => there.find((timer) => timer.name === name);
      return [
        ...one.timers.filter(({ name }) => !find(name)).map(put('CreateTrigger', '创建 (create)')),
        ...one.timers
          .filter((timer) => isChanged(timer, find(timer.name)))
          .map(put('UpdateTrigger', '更新 (update)')),
        ...(options.prune ? left(there).map(remove) : []),
      ];
    },
    leftovers: async () => left(await readTimers(cloud, at)).map(({ name }) => subject(name)),
  };
}

function named(name: string) {
  return { TriggerName: name, Type: 'timer', Qualifier: DEFAULT_ALIAS };
}

function isChanged(wish: TimerState, is: TimerState | undefined): boolean {
  return is !== undefined && (is.cron !== wish.cron || is.enabled !== wish.enabled);
}

/** The timers that a function has on `$DEFAULT`; none where there is no function yet. */
export async function readTimers(
  cloud: Cloud,
  at: { FunctionName: string; Namespace: string },
): Promise<TimerState[]> {
  const answer = await cloud.scf('ListTriggers', { ...at, Limit: 100 }).catch((error: unknown) => {
    const isGone =
      error instanceof CloudError && error.code.startsWith('ResourceNotFound.Function');
    if (isGone) return { Triggers: [] };
    throw error;
  });
  return (answer.Triggers ?? [])
    .filter(({ Type, Qualifier }) => Type === 'timer' && Qualifier === DEFAULT_ALIAS)
    .map(({ TriggerName = '', TriggerDesc = '', Enable }) => ({
      name: TriggerName,
      cron: cronOf(TriggerDesc),
      enabled: Enable === 1,
    }));
}

/** Sent as plain text, answered as JSON. */
function cronOf(description: string): string {
  if (!description.startsWith('{')) return description;
  const { cron } = JSON.parse(description) as { cron?: string };
  return cron ?? '';
}
