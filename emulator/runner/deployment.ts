import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { FunctionSpec } from './invocation.ts';
import { parseCron } from './triggers/cron.ts';

/** Where functions are deployed to, and how they reach the local cloud from there. */
export interface ProcessOptions {
  envId: string;
  region: string;
  /** `POST /admin` of the local CloudBase. */
  adminUrl: string;
  /** The `PATH` of a function's process. */
  path: string;
}

const ENVIRONMENT_BYTES_MAX = 4096;

/** Refuses what cannot be deployed: no bundle, an environment above 4 kB, a bad timer. Throws. */
export function checkSpec({ name, file, environment, timers }: FunctionSpec): void {
  if (!existsSync(file)) throw new Error(`${name}: there is no bundle at ${file}`);
  const pairs = Object.entries(environment);
  const bytes = pairs.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (bytes > ENVIRONMENT_BYTES_MAX) {
    throw new Error(
      `${name}: the environment has ${bytes} bytes, at most ${ENVIRONMENT_BYTES_MAX} (583/11637)`,
    );
  }
  for (const timer of timers) parseCron(timer.cron);
}

/** Changes when a process of the function would be another one: its code, limits or environment. */
export function fingerprintOf(spec: FunctionSpec): string {
  const { file, timeoutMs, memoryMb, environment, version } = spec;
  const { mtimeMs = 0, size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return JSON.stringify([file, mtimeMs, size, timeoutMs, memoryMb, environment, version]);
}

/** The whole environment a function's process starts with: SCF's, and the function's own. */
export function processEnvironment(
  spec: FunctionSpec,
  place: ProcessOptions,
): Record<string, string> {
  return {
    PATH: place.path,
    HOME: tmpdir(),
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    ...spec.environment,
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: place.region,
    SCF_NAMESPACE: place.envId,
    SCF_FUNCTIONNAME: spec.name,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: place.adminUrl }),
  };
}
