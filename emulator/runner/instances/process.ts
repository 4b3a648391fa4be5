import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { FunctionSpec } from '../invocation.ts';

/** A function's process runs in this environment of the cloud, and reaches it at this address. */
export interface ProcessOptions {
  envId: string;
  region: string;
  /** `POST /admin` of the local CloudBase. */
  adminUrl: string;
  /** The `PATH` of the process. */
  path: string;
}

/**
 * Names a process by its code, limits and environment: another fingerprint needs another process.
 */
export function fingerprintOf(spec: FunctionSpec): string {
  const { file, timeoutMs, memoryMb, environment, version } = spec;
  const { mtimeMs = 0, size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return JSON.stringify([file, mtimeMs, size, timeoutMs, memoryMb, environment, version]);
}

/** Builds the whole environment that a process starts with: SCF's, and the function's own. */
export function processEnvironment(
  spec: FunctionSpec,
  options: ProcessOptions,
): Record<string, string> {
  return {
    PATH: options.path,
    HOME: tmpdir(),
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    ...spec.environment,
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: options.region,
    SCF_NAMESPACE: options.envId,
    SCF_FUNCTIONNAME: spec.name,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: options.adminUrl }),
  };
}
