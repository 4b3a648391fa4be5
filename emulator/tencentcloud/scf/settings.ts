import { notSimulated, refuse } from '../errors.ts';
import type { Revision } from '../state/functions.ts';
import {
  objects,
  optionalInteger,
  optionalObject,
  optionalText,
  type Params,
} from '../wire/params.ts';
import {
  checkDescription,
  checkEnvironment,
  checkMemory,
  checkRuntime,
  checkTimeout,
  isTrue,
  required,
} from './limits.ts';

/** The configuration of a revision. */
export type Settings = Pick<
  Revision,
  'runtime' | 'description' | 'timeoutS' | 'memoryMb' | 'environment' | 'others'
>;

/** These fields are read by name, or are no configuration; all others are stored as they came. */
const READ_BY_NAME = new Set([
  ...['FunctionName', 'Namespace', 'EnvId', 'Code', 'CodeSource', 'Handler', 'Publish', 'Type'],
  ...['Runtime', 'Description', 'Timeout', 'MemorySize', 'Environment'],
  ...['ZipFile', 'CosBucketName', 'CosObjectName', 'CosBucketRegion'],
]);

/** Reads the configuration of a function to be created. Defaults: 3 s, 128 MB, no environment. */
export function newSettings(params: Params): Settings {
  const type = optionalText(params, 'Type') ?? 'Event';
  if (type !== 'Event') throw notSimulated('InvalidParameterValue.Type', `Type ${type}`);
  const runtime = required(optionalText(params, 'Runtime'), 'Runtime');
  checkRuntime(runtime);
  const blank = { description: '', timeoutS: 3, memoryMb: 128, environment: {}, others: {} };
  return applySettings({ runtime, ...blank }, params);
}

/**
 * The configuration after an update: a field that is given is replaced, `Environment` as a whole.
 * Another runtime is refused.
 */
export function applySettings(settings: Settings, params: Params): Settings {
  const runtime = optionalText(params, 'Runtime') ?? settings.runtime;
  if (runtime !== settings.runtime) {
    throw refuse(
      'InvalidParameterValue.Runtime',
      `函数Runtime不支持修改（${settings.runtime}） (the runtime cannot change: create it anew)`,
    );
  }
  const description = optionalText(params, 'Description') ?? settings.description;
  const timeoutS = optionalInteger(params, 'Timeout') ?? settings.timeoutS;
  const memoryMb = optionalInteger(params, 'MemorySize') ?? settings.memoryMb;
  checkDescription(description);
  checkTimeout(timeoutS);
  checkMemory(memoryMb);
  const environment = environmentOf(params) ?? settings.environment;
  const others = { ...settings.others, ...othersOf(params) };
  return { runtime, description, timeoutS, memoryMb, environment, others };
}

/** Refuses `Publish: TRUE` with an update. */
export function checkPublish(params: Params): void {
  if (isTrue(optionalText(params, 'Publish'), 'Publish')) {
    throw notSimulated('InvalidParameterValue.Param', 'Publish=TRUE: use PublishVersion');
  }
}

function environmentOf(params: Params): Record<string, string> | undefined {
  const environment = optionalObject(params, 'Environment');
  if (!environment) return undefined;
  const variables = objects(environment, 'Variables').map((variable): [string, string] => [
    optionalText(variable, 'Key') ?? '',
    optionalText(variable, 'Value') ?? '',
  ]);
  checkEnvironment(variables);
  return Object.fromEntries(variables);
}

function othersOf(params: Params): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => !READ_BY_NAME.has(name) && value !== null),
  );
}

/** Shows the environment of a revision as the API does. */
export function environmentView(environment: Record<string, string>) {
  return { Variables: Object.entries(environment).map(([Key, Value]) => ({ Key, Value })) };
}

/** Shows stored fields; `Layers`, `Tags` and the like are lists even where nothing was set. */
export function othersView(others: Record<string, unknown>): Record<string, unknown> {
  return { InstallDependency: 'FALSE', Tags: [], Layers: [], ...others };
}
