import type { Package } from '../../build/zip.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
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
  const environment = { ...Object.fromEntries(kept), ...fn.environment };
  refuseTooLarge(fn.name, environment);
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

/** Refuses an environment that the platform would not take; the message names keys, no values. */
export function refuseTooLarge(name: string, environment: Record<string, string>): void {
  const sizes = Object.entries(environment).map(
    ([key, value]) => [key, Buffer.byteLength(key + value)] as const,
  );
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (bytes <= ENVIRONMENT_BYTES_MAX) return;
  const largest = sizes.sort((a, b) => b[1] - a[1]).slice(0, 4);
  throw new DeployRefusal(
    'ENVIRONMENT_TOO_LARGE',
    `${name} 的环境变量共 ${bytes} 字节，最多 ${ENVIRONMENT_BYTES_MAX}：${largest
      .map(([key, size]) => `${key} ${size}`)
      .join('，')}。密钥可写成去掉首尾行的 base64；证书与公钥只需其一 ` +
      `(the environment is too large: write keys as bare base64; certificate or public key, not both)`,
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
