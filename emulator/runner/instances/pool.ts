import { ConnectionReset } from '../../world/connectionReset.ts';
import type { FunctionSpec } from '../invocation.ts';
import type { Instance } from './instance.ts';
import { fingerprintOf } from './process.ts';

/** The instances of one function: warm ones are used again, more are started while all are busy. */
export interface Pool {
  /**
   * Sets the function as deployed from now on, undefined once removed. When its code, limits or
   * environment changed, instances end after their event.
   */
  deploy(spec: FunctionSpec | undefined): void;
  /**
   * Takes a free instance, warm if possible; waits in line at the maximum; undefined once removed.
   */
  take(): Promise<Instance | undefined>;
  /** Gives an instance back after its event. */
  release(instance: Instance): void;
  instances(): { instance: Instance; busy: boolean }[];
  /**
   * Ends the processes that run something, and waits for their end; whoever is in line gets
   * {@link ConnectionReset}.
   */
  endRunning(): Promise<void>;
  /** Ends every process, busy ones too. */
  close(): Promise<void>;
}

/** A call that waits in line for an instance. */
interface Waiter {
  resolve(instance: Instance | undefined): void;
  reject(error: ConnectionReset): void;
}

/** Builds the pool of a function that is not deployed yet; `start` makes a process of a version. */
export function createPool(start: (spec: FunctionSpec) => Instance, instancesMax: number): Pool {
  let current: { spec: FunctionSpec; fingerprint: string } | undefined;
  let idle: Instance[] = [];
  const all = new Set<Instance>();
  const waiting: Waiter[] = [];

  const begin = () => {
    if (!current) return undefined;
    const instance = start(current.spec);
    all.add(instance);
    void instance.gone.then(() => forget(instance));
    return instance;
  };
  const forget = (instance: Instance) => {
    all.delete(instance);
    idle = idle.filter((other) => other !== instance);
    if (waiting.length > 0) waiting.shift()?.resolve(begin());
  };
  const release = (instance: Instance) => {
    if (instance.spec !== current?.spec) instance.stop();
    if (!instance.alive) return; // `forget` hears of it and serves the line.
    const next = waiting.shift();
    if (next) next.resolve(instance);
    else idle.push(instance);
  };
  const deploy = (spec: FunctionSpec | undefined) => {
    const fingerprint = spec && fingerprintOf(spec);
    if (fingerprint === current?.fingerprint) return;
    current = spec && fingerprint !== undefined ? { spec, fingerprint } : undefined;
    for (const stale of idle.splice(0)) stale.stop();
    if (!current) for (const next of waiting.splice(0)) next.resolve(undefined);
  };
  const take = async () => {
    const free = idle.pop();
    if (free || !current || all.size < instancesMax) return free ?? begin();
    return new Promise<Instance | undefined>((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  };
  const instances = () =>
    [...all].map((instance) => ({ instance, busy: !idle.includes(instance) }));
  const endRunning = async () => {
    const running = [...all].filter((instance) => !idle.includes(instance));
    for (const next of waiting.splice(0)) next.reject(new ConnectionReset({ acted: false }));
    for (const instance of running) instance.stop();
    await Promise.all(running.map((instance) => instance.gone));
  };
  return { deploy, take, release, instances, endRunning, close: () => endAll(deploy, all) };
}

async function endAll(deploy: Pool['deploy'], all: ReadonlySet<Instance>): Promise<void> {
  deploy(undefined);
  for (const instance of all) instance.stop();
  await Promise.all([...all].map((instance) => instance.gone));
}
