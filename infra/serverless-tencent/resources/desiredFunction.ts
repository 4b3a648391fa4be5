import type { Package } from '../../build/zip.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import type { FunctionVersion } from './functionState.ts';
import { type DeployOptions, DeployRefusal } from './resource.ts';

/** The beginning of the description of every function that this service deployed. */
export function markOf({ name }: Pick<Service, 'name'>): string {
  // A description may hold letters, digits, spaces, commas and periods, and nothing else.
  return `${name.replace(/[^A-Za-z0-9]+/g, '.')}, code `;
}

/** Tells functions of this service from all others in the environment. */
export function isOurs(service: Pick<Service, 'name'>, description: string): boolean {
  return description.startsWith(markOf(service));
}

/** What all functions of an environment share. */
export interface Surroundings {
  clsLogsetId: string;
  clsTopicId: string;
}

/** A function's whole environment may hold so much. Source: 583/11637. */
export const ENVIRONMENT_BYTES_MAX = 4096;

/**
 * What a function shall be. Its environment is what `serverless.yml` sets over what is there: a secret
 * that was set in the console survives a deploy by somebody who does not know it. `--unset` takes a key
 * away; `--prune` those that the function does not read.
 */
export function wishFor(
  service: Service,
  one: ServiceFunction,
  code: Package,
  around: Surroundings,
  there: Record<string, string>,
  options: DeployOptions,
): FunctionVersion {
  const kept = Object.entries(there).filter(
    ([key]) =>
      !options.unset.includes(key) &&
      !(options.prune && one.environmentKeys && !one.environmentKeys.includes(key)),
  );
  const environment = { ...Object.fromEntries(kept), ...one.environment };
  checkSize(one.name, environment);
  return {
    description: `${markOf(service)}${code.sha256}`,
    handler: 'index.main',
    runtime: service.runtime,
    timeoutS: one.timeoutS,
    memoryMb: one.memoryMb,
    environment,
    clsTopicId: around.clsTopicId,
  };
}

function checkSize(name: string, environment: Record<string, string>): void {
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

/** The parts in which a version differs from what it shall be; environment by its keys alone. */
export function differences(is: FunctionVersion, wish: FunctionVersion): string[] {
  const plain = (['timeoutS', 'memoryMb', 'handler', 'clsTopicId'] as const).filter(
    (part) => is[part] !== wish[part],
  );
  const keys = [...new Set([...Object.keys(is.environment), ...Object.keys(wish.environment)])];
  const changed = keys.filter((key) => is.environment[key] !== wish.environment[key]).sort();
  return [...plain, ...changed];
}
