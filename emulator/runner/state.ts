import { existsSync } from 'node:fs';
import { parseCron } from '../world/time/cron.ts';
import { startInstance } from './instances/instance.ts';
import { createPool, type Pool } from './instances/pool.ts';
import { processEnvironment } from './instances/process.ts';
import type { FunctionSpec } from './invocation.ts';
import { functionAt } from './routes.ts';

const ENVIRONMENT_BYTES_MAX = 4096;
const INSTANCES_MAX = 20;

/** The processes of functions start in this environment of the cloud. */
export interface StateOptions {
  envId: string;
  region: string;
  adminUrl: string;
  instancesMax?: number;
  /** Rewrites the lines that a function printed. */
  showSource?(spec: FunctionSpec, lines: string[]): string[];
  /** Kills connections of a frozen process, by its own ports. */
  cutConnections(ports: readonly number[]): void;
}

/** The functions that are deployed, with one pool of processes each. */
export interface State {
  /** Replaces all functions; throws, changing nothing, when one cannot be deployed. */
  load(functions: FunctionSpec[]): void;
  /** Lists the functions that callers get by their name. */
  functions(): FunctionSpec[];
  functionAt(path: string): FunctionSpec | undefined;
  poolOf(name: string): Pool | undefined;
  instances(): { name: string; pid: number; busy: boolean; invocations: number }[];
  endRunning(): Promise<void>;
  endInstances(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a state without functions; the pool of a removed one stays until its last event has ended.
 */
export function openState(options: StateOptions): State {
  const pools = new Map<string, Pool>();
  const processOptions = { ...options, path: process.env.PATH ?? '' };
  const start = (spec: FunctionSpec) =>
    startInstance(spec, {
      environment: processEnvironment(spec, processOptions),
      cutConnections: options.cutConnections,
      showSource: (lines) => options.showSource?.(spec, lines) ?? lines,
    });
  let deployed: FunctionSpec[] = [];
  return {
    load: (functions) => {
      for (const spec of functions) checkSpec(spec);
      deployed = functions;
      const specs = new Map(functions.map((spec) => [spec.key ?? spec.name, spec]));
      for (const name of specs.keys()) {
        if (!pools.has(name))
          pools.set(name, createPool(start, options.instancesMax ?? INSTANCES_MAX));
      }
      for (const [name, pool] of pools) pool.deploy(specs.get(name));
    },
    functions: () => deployed.filter(({ key }) => key === undefined),
    functionAt: (path) => functionAt(deployed, path),
    poolOf: (name) => pools.get(name),
    instances: () =>
      [...pools].flatMap(([name, pool]) =>
        pool.instances().map(({ instance, busy }) => {
          return { name, pid: instance.pid, busy, invocations: instance.invocations };
        }),
      ),
    endRunning: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end('running')));
    },
    endInstances: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end('all')));
    },
    close: async () => {
      for (const pool of pools.values()) pool.deploy(undefined);
      await Promise.all([...pools.values()].map((pool) => pool.end('all')));
    },
  };
}

/** Refuses what cannot be deployed: no bundle, an environment above 4 kB, a bad timer. Throws. */
function checkSpec({ name, file, environment, timers }: FunctionSpec): void {
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
