import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { DEFAULT_ALIAS } from './functionState.ts';
import type { DeployOptions, Resource, Step } from './resource.ts';

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
      const actual = await readTimers(cloud, address);
      const actualOf = ({ name }: TimerState) => actual.find((timer) => timer.name === name);
      const added = fn.timers.filter((desired) => !actualOf(desired));
      const changed = fn.timers.filter((desired) => isChanged(desired, actualOf(desired)));
      const removed = options.prune ? unmanagedIn(actual) : [];
      return [
        ...added.map((desired) => putTimer(cloud, address, 'CreateTrigger', desired)),
        ...changed.map((desired) => putTimer(cloud, address, 'UpdateTrigger', desired)),
        ...removed.map(({ name }) => removeTimer(cloud, address, name)),
      ];
    },
    unmanaged: async () =>
      unmanagedIn(await readTimers(cloud, address)).map(({ name }) => subjectOf(address, name)),
  };
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
  const triggers = await listTriggers(cloud, address);
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
