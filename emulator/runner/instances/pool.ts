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
  /** Ends the instances, busy ones after their event: the next call starts a new one. Settles when the free ones are gone. */
  restart(): Promise<void>;
  instances(): { instance: Instance; busy: boolean }[];
  /**
   * Ends the processes that run something, or those too that wait for work, and waits for their end; whoever is in line
   * gets {@link ConnectionReset}. The function stays deployed.
   */
  end(which: 'running' | 'all'): Promise<void>;
}

/** A call that waits in line for an instance. */
interface Waiter {
  resolve(instance: Instance | undefined): void;
  reject(error: ConnectionReset): void;
}

/** Builds the pool of a function that is not deployed yet; `start` makes a process of a version. */
export function createPool(start: (spec: FunctionSpec) => Instance, instancesMax: number): Pool {
  let current: Version | undefined;
  let idle: Instance[] = [];
  const all = new Set<Instance>();
  const line = createLine();

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
    if (!line.isEmpty()) line.next()?.resolve(begin());
  };
  const release = (instance: Instance) => {
    if (instance.spec !== current?.spec) instance.stop();
    if (!instance.alive) return; // `forget` hears of it and serves the line.
    const next = line.next();
    if (next) next.resolve(instance);
    else idle.push(instance);
  };
  const deploy = (spec: FunctionSpec | undefined) => {
    const fingerprint = spec && fingerprintOf(spec);
    if (fingerprint === current?.fingerprint) return;
    current = spec && fingerprint !== undefined ? { spec, fingerprint } : undefined;
    void endAll(idle.splice(0));
    if (!current) line.dismiss();
  };
  const restart = () => {
    current = anew(current);
    return endAll(idle.splice(0));
  };
  const take = async () => {
    const free = idle.pop();
    return free || !current || all.size < instancesMax ? (free ?? begin()) : line.wait();
  };
  const instances = () => [...all].map((each) => ({ instance: each, busy: !idle.includes(each) }));
  const end = async (which: 'running' | 'all') => {
    if (which === 'all') idle = []; // So that all of them count as running.
    line.break();
    await endAll([...all].filter((instance) => !idle.includes(instance)));
  };
  return { deploy, take, release, restart, instances, end };
}

interface Version {
  spec: FunctionSpec;
  fingerprint: string;
}

/** Copies a version: instances of before have another object as theirs, and end after their event. */
function anew(version: Version | undefined): Version | undefined {
  return version && { ...version, spec: { ...version.spec } };
}

/** Makes the line of calls that wait for an instance. */
function createLine() {
  const waiting: Waiter[] = [];
  return {
    isEmpty: () => waiting.length === 0,
    next: () => waiting.shift(),
    wait: () =>
      new Promise<Instance | undefined>((resolve, reject) => {
        waiting.push({ resolve, reject });
      }),
    /** Lets go of all, without an instance. */
    dismiss: () => {
      for (const next of waiting.splice(0)) next.resolve(undefined);
    },
    break: () => {
      for (const next of waiting.splice(0)) next.reject(new ConnectionReset({ acted: false }));
    },
  };
}

/** Ends processes, and waits for their end. */
async function endAll(instances: readonly Instance[]): Promise<void> {
  for (const instance of instances) instance.stop();
  await Promise.all(instances.map((instance) => instance.gone));
}
