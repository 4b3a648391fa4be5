import type { Package } from '../../build/zip.ts';
import { allEnvironmentKeys } from '../service/contractOf.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { compactKeys } from '../settings/compactKeys.ts';
import { similarKey } from '../settings/similarKey.ts';
import type { FunctionVersion } from './functionState.ts';
import { type DeployOptions, DeployRefusal } from './resource.ts';

/**
 * Makes the beginning of the description of every function that this service deploys, by which it
 * is known.
 */
export function descriptionPrefix({ name }: Pick<Service, 'name'>): string {
  // A description may hold letters, digits, spaces, commas and periods, and nothing else.
  return `${name.replace(/[^A-Za-z0-9]+/g, '.')}, code `;
}

/** Tells functions of this service from all others in the environment. */
export function isOurs(service: Pick<Service, 'name'>, description: string): boolean {
  return description.startsWith(descriptionPrefix(service));
}

/** The topic of the log service that all functions of an environment write to. */
export interface LogTopic {
  clsLogsetId: string;
  clsTopicId: string;
}

/** The platform takes no larger environment of a function. Source: 583/11637. */
export const ENVIRONMENT_BYTES_MAX = 4096;

/** A function to be deployed, with everything that decides what it becomes. */
export interface FunctionSource {
  service: Service;
  fn: ServiceFunction;
  code: Package;
  logTopic: LogTopic;
  options: DeployOptions;
}

/**
 * Decides what a function becomes. Its environment is what `serverless.yml` sets over the actual
 * one: a secret that was set in the console survives a deploy by somebody who does not know it.
 * `--unset` takes a key away; `--prune` those that the function does not read.
 */
export function desiredFunction(
  { service, fn, code, logTopic, options }: FunctionSource,
  actualEnvironment: Record<string, string>,
): FunctionVersion {
  const kept = Object.entries(actualEnvironment).filter(
    ([key]) =>
      !options.unset.includes(key) &&
      !(options.prune && fn.environmentKeys && !fn.environmentKeys.includes(key)),
  );
  const environment = fittingEnvironment(fn.name, {
    ...Object.fromEntries(kept),
    ...fn.environment,
  });
  return {
    description: `${descriptionPrefix(service)}${code.sha256}`,
    handler: 'index.main',
    runtime: service.runtime,
    timeoutS: fn.timeoutS,
    memoryMb: fn.memoryMb,
    environment,
    clsTopicId: logTopic.clsTopicId,
  };
}

/**
 * Makes an environment that the platform takes: as it was given, or with the keys in their shortest form
 * where they would not fit otherwise. Throws a {@link DeployRefusal} with the sizes when that is too large
 * too; it names keys, no values.
 */
export function fittingEnvironment(
  name: string,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  if (bytesOf(environment) <= ENVIRONMENT_BYTES_MAX) return environment;
  const compact = compactKeys(environment);
  const bytes = bytesOf(compact);
  if (bytes <= ENVIRONMENT_BYTES_MAX) return compact;
  const largest = sizesOf(compact)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4);
  throw new DeployRefusal(
    'ENVIRONMENT_TOO_LARGE',
    `${name} 的环境变量共 ${bytes} 字节，最多 ${ENVIRONMENT_BYTES_MAX}：${largest
      .map(([key, size]) => `${key} ${size}`)
      .join('，')}。密钥已按最短形式计；证书与公钥只需其一 ` +
      `(the environment is too large, keys counted in their shortest form: certificate or public key, not both)`,
  );
}

function bytesOf(environment: Readonly<Record<string, string>>): number {
  return sizesOf(environment).reduce((sum, [, size]) => sum + size, 0);
}

function sizesOf(environment: Readonly<Record<string, string>>) {
  return Object.entries(environment).map(
    ([key, value]) => [key, Buffer.byteLength(key + value)] as const,
  );
}

/**
 * Lists the parts in which a version differs from the desired one; environment by its keys alone.
 */
export function differingParts(actual: FunctionVersion, desired: FunctionVersion): string[] {
  const parts = (['timeoutS', 'memoryMb', 'handler', 'clsTopicId'] as const).filter(
    (part) => actual[part] !== desired[part],
  );
  const keys = [
    ...new Set([...Object.keys(actual.environment), ...Object.keys(desired.environment)]),
  ];
  const changed = keys.filter((key) => actual.environment[key] !== desired.environment[key]).sort();
  return [...parts, ...changed];
}

/**
 * Refuses a key of `--unset` that nothing has: neither is it among those of the functions in the
 * cloud, nor does any of ours read it. One of ours that is gone already is no mistake.
 */
export function refuseUnknownKeys(unset: readonly string[], there: readonly string[]): void {
  const known = [...there, ...allEnvironmentKeys];
  const key = unset.find((one) => !known.includes(one));
  if (key === undefined) return;
  const meant = similarKey(key, known);
  const hint = meant === undefined ? '' : `，是否 ${meant}？(did you mean ${meant}?)`;
  throw new DeployRefusal(
    'UNSET_UNKNOWN',
    `--unset ${key}：云端没有函数有这个变量，未作任何改动 (no function there has it; nothing was done)${hint}`,
  );
}
