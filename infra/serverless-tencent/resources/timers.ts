import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import { TIMERS_MAX } from '../service/limits.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { DEFAULT_ALIAS } from './functionState.ts';
import { type DeployOptions, DeployRefusal, type Resource, type Step } from './resource.ts';

/** A timer trigger, as `serverless.yml` asks for it or as the cloud has it. */
export interface TimerState {
  name: string;
  cron: string;
  enabled: boolean;
}

/** Names a function of the environment, as every call of its triggers does. */
interface FunctionAddress {
  FunctionName: string;
  Namespace: string;
}

/** Keeps the timer triggers (定时触发器) of a function as `serverless.yml` asks for them. */
export function timersResource(
  cloud: Cloud,
  service: Service,
  fn: ServiceFunction,
  options: DeployOptions,
): Resource {
  const address = { FunctionName: fn.name, Namespace: service.envId };
  const unmanagedIn = (actual: TimerState[]) =>
    actual.filter(({ name }) => !fn.timers.some((timer) => timer.name === name));
  return {
    subject: `timers ${fn.name}`,
    steps: async () => {
      const triggers = await listTriggers(cloud, address);
      const actual = timersIn(triggers);
      const actualOf = ({ name }: TimerState) => actual.find((timer) => timer.name === name);
      const added = fn.timers.filter((desired) => !actualOf(desired));
      const changed = fn.timers.filter((desired) => isChanged(desired, actualOf(desired)));
      const removed = options.prune ? unmanagedIn(actual) : [];
      // Others of the function, on another version or set up elsewhere, count as well.
      const before = triggers.filter(({ Type }) => Type === 'timer').length;
      refuseTooMany(fn.name, before + added.length - removed.length);
      const removals = removed.map(({ name }) => removeTimer(cloud, address, name));
      const isFull = before + added.length > TIMERS_MAX;
      return [
        ...(isFull ? removals : []),
        ...added.map((desired) => putTimer(cloud, address, 'CreateTrigger', desired)),
        ...changed.map((desired) => putTimer(cloud, address, 'UpdateTrigger', desired)),
        ...(isFull ? [] : removals),
      ];
    },
    unmanaged: async () =>
      unmanagedIn(await readTimers(cloud, address)).map(({ name }) => subjectOf(address, name)),
  };
}

function refuseTooMany(name: string, count: number): void {
  if (count <= TIMERS_MAX) return;
  throw new DeployRefusal(
    'TIMERS_TOO_MANY',
    `${name} 将有 ${count} 个定时触发器，最多 ${TIMERS_MAX} 个；未作任何改动。云端多出的用 --prune 或在控制台删除 ` +
      `(it would have ${count} timers, at most ${TIMERS_MAX}: remove those that are not in serverless.yml)`,
  );
}

function subjectOf({ FunctionName }: FunctionAddress, name: string): string {
  return `timer ${FunctionName}/${name}`;
}

function putTimer(
  cloud: Cloud,
  address: FunctionAddress,
  call: 'CreateTrigger' | 'UpdateTrigger',
  { name, cron, enabled }: TimerState,
): Step {
  const verb = call === 'CreateTrigger' ? '创建 (create)' : '更新 (update)';
  const request = {
    ...address,
    ...triggerNamed(name),
    TriggerDesc: cron,
    Enable: enabled ? 'OPEN' : 'CLOSE',
  };
  return {
    subject: subjectOf(address, name),
    action: `${verb}: ${cron}${enabled ? '' : ' 停用 (off)'}`,
    run: async () => {
      await cloud.scf(call, request);
    },
  };
}

function removeTimer(cloud: Cloud, address: FunctionAddress, name: string): Step {
  return {
    subject: subjectOf(address, name),
    action: '删除 (remove)',
    run: async () => {
      await cloud.scf('DeleteTrigger', { ...address, ...triggerNamed(name) });
    },
  };
}

function triggerNamed(name: string) {
  return { TriggerName: name, Type: 'timer', Qualifier: DEFAULT_ALIAS };
}

function isChanged(desired: TimerState, actual: TimerState | undefined): boolean {
  return (
    actual !== undefined && (actual.cron !== desired.cron || actual.enabled !== desired.enabled)
  );
}

/** Reads the timers that a function has on `$DEFAULT`; none where there is no such function. */
export async function readTimers(cloud: Cloud, address: FunctionAddress): Promise<TimerState[]> {
  return timersIn(await listTriggers(cloud, address));
}

function timersIn(triggers: Awaited<ReturnType<typeof listTriggers>>): TimerState[] {
  return triggers
    .filter(({ Type, Qualifier }) => Type === 'timer' && Qualifier === DEFAULT_ALIAS)
    .map(({ TriggerName = '', TriggerDesc = '', Enable }) => ({
      name: TriggerName,
      cron: cronOf(TriggerDesc),
      enabled: Enable === 1,
    }));
}

async function listTriggers(cloud: Cloud, address: FunctionAddress) {
  try {
    const { Triggers = [] } = await cloud.scf('ListTriggers', { ...address, Limit: 100 });
    return Triggers;
  } catch (error) {
    if (isFunctionGone(error)) return [];
    throw error;
  }
}

function isFunctionGone(error: unknown): boolean {
  return error instanceof CloudError && error.code.startsWith('ResourceNotFound.Function');
}

/** The cloud takes a cron as plain text and answers it as JSON. */
function cronOf(description: string): string {
  if (!description.startsWith('{')) return description;
  const { cron } = JSON.parse(description) as { cron?: string };
  return cron ?? '';
}
