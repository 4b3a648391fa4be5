import type { World } from '../world/world.ts';
import { checkSpec, processEnvironment } from './deployment.ts';
import { functionAt, httpAnswer, httpEvent, httpFailure } from './handler.ts';
import { startInstance } from './instances/instance.ts';
import { excerptOf } from './instances/output.ts';
import { createPool, type Pool } from './instances/pool.ts';
import { type FunctionSpec, failures, type Invoker, type Outcome } from './invocation.ts';
import { ACCOUNT } from './invocations/context.ts';
import { eventFor, outTradeNoOf, timerEvent } from './invocations/event.ts';
import { failedOutcome, invokeOn } from './invocations/invoke.ts';
import { createTokens, type TokenSwitches, type Tokens } from './invocations/tokens.ts';
import { variablesOf } from './invocations/variables.ts';
import { createTimers } from './triggers/timers.ts';

export type { FunctionSpec, Invoker, Outcome } from './invocation.ts';

/** Where the functions believe they run, and as whom. */
export interface RunnerOptions {
  envId: string;
  /** Of the mini program. */
  appid: string;
  region: string;
  /** The temporary keys of the function role; asked at every invocation. */
  credentials(): { secretId: string; secretKey: string; token: string };
  /** `POST /admin` of the local CloudBase; the SDKs find it in `TCB_CONTEXT_CNFG`. */
  adminUrl: string;
  /** Where tokens for cloud calls are given beside clients' calls; off where left out. */
  switches?: Partial<TokenSwitches>;
  /** How many processes a function may have; further calls wait in line. Default 20. */
  instancesMax?: number;
}

/** Cloud functions (云函数) as SCF runs them: child processes, HTTP access routes, timers. */
export interface Runner {
  /**
   * Replaces all functions. Processes of changed ones end after their event. Throws, changing
   * nothing, when one cannot be deployed: no bundle, environment above 4 kB, ill-formed timer.
   */
  load(functions: FunctionSpec[]): void;
  /** Those that callers get by their name. */
  functions(): FunctionSpec[];
  /** Runs a function; time does not move meanwhile. Whatever fails in it is an outcome. */
  invoke(name: string, event: unknown, invoker: Invoker): Promise<Outcome>;
  /** Answers a request to an HTTP access route; undefined when no route covers its path. */
  http(request: Request): Promise<Response | undefined>;
  /** Fires the triggers of a function now, one after another. */
  fireTimer(name: string): Promise<Outcome[]>;
  /** The trigger that falls due first. */
  nextTimer(): { name: string; trigger: string; atMs: number } | undefined;
  /** Plans each trigger for its first occurrence after `ms`; those before it never happen. */
  skipTimersTo(ms: number): void;
  /** The tokens for cloud calls (云调用) that its functions were given. */
  tokens: Tokens;
  instances(): { name: string; pid: number; busy: boolean; invocations: number }[];
  /** Ends what runs, its process with it; settles when it is gone. What waits in line is lost. */
  endRunning(): Promise<void>;
  /** Ends all processes; running invocations answer an error. */
  close(): Promise<void>;
}

/** Builds a runner without functions. */
export function createRunner(world: World, options: RunnerOptions): Runner {
  const pools = createPools(options);
  const tokens = createTokens(world, options.switches);
  const invoke = createInvoke(world, { ...options, tokens }, pools.get);
  const fire = (name: string, trigger: string) =>
    invoke(name, timerEvent(trigger, world.clock.nowMs()), { kind: 'timer', trigger });
  const timers = createTimers(world, (due) => fire(due.name, due.trigger));
  let deployed: FunctionSpec[] = [];
  return {
    load: (functions) => {
      for (const spec of functions) checkSpec(spec);
      deployed = functions;
      pools.load(functions);
      timers.load(functions);
    },
    functions: () => deployed.filter(({ key }) => key === undefined),
    invoke,
    http: async (request) => {
      const spec = functionAt(deployed, new URL(request.url).pathname);
      if (!spec) return undefined;
      const requestId = newRequestId(world);
      const { envId } = options;
      const read = await httpEvent(request, { requestId, envId, ...ACCOUNT });
      if ('failure' in read) return httpFailure(read.failure, requestId);
      const { error, result } = await invoke(spec.name, read.event, { kind: 'http' }, requestId);
      return error ? httpFailure(error, requestId) : httpAnswer(result);
    },
    fireTimer: async (name) => {
      const outcomes: Outcome[] = [];
      const triggers =
        deployed.find(({ key, ...spec }) => !key && spec.name === name)?.timers ?? [];
      for (const trigger of triggers) outcomes.push(await fire(name, trigger.name));
      return outcomes;
    },
    tokens,
    nextTimer: timers.next,
    skipTimersTo: timers.skipTo,
    instances: pools.instances,
    endRunning: pools.endRunning,
    close: pools.close,
  };
}

/** One pool a function; the pool of a removed one stays until its last event has ended. */
function createPools(options: RunnerOptions) {
  const pools = new Map<string, Pool>();
  const place = { ...options, path: process.env.PATH ?? '' };
  const start = (spec: FunctionSpec) => startInstance(spec, processEnvironment(spec, place));
  return {
    get: (name: string) => pools.get(name),
    load: (functions: FunctionSpec[]) => {
      const specs = new Map(functions.map((spec) => [spec.key ?? spec.name, spec]));
      for (const name of specs.keys()) {
        if (!pools.has(name)) pools.set(name, createPool(start, options.instancesMax ?? 20));
      }
      for (const [name, pool] of pools) pool.deploy(specs.get(name));
    },
    instances: () =>
      [...pools].flatMap(([name, pool]) =>
        pool.instances().map(({ instance, busy }) => {
          return { name, pid: instance.pid, busy, invocations: instance.invocations };
        }),
      ),
    endRunning: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.endRunning()));
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** An invocation from its caller to the timeline. */
function createInvoke(
  world: World,
  options: RunnerOptions & { tokens: Tokens },
  poolOf: (name: string) => Pool | undefined,
) {
  const run = (name: string, event: unknown, invoker: Invoker, requestId: string) => {
    const pool = poolOf(name);
    if (!pool) return failedOutcome(requestId, failures.notFound(name));
    const variables = variablesOf(invoker, {
      ...options,
      credentials: options.credentials(),
      seqId: world.randomBytes(8).toString('hex'),
    });
    return invokeOn(pool, {
      name,
      requestId,
      event: eventFor(event, invoker, options.appid),
      variables,
      offsetMs: world.clock.offsetMs(),
      resultMbMax: invoker.kind === 'client' ? 1 : 6,
      place: options,
    });
  };
  return (name: string, event: unknown, invoker: Invoker, requestId = newRequestId(world)) =>
    world.gate.during(async () => {
      const outcome = await run(name, event, invoker, requestId);
      record(world, name, event, invoker, outcome);
      return outcome;
    });
}

function record(world: World, name: string, event: unknown, invoker: Invoker, outcome: Outcome) {
  const outTradeNo = outTradeNoOf(event);
  const { requestId, durationMs: ms, error, log } = outcome;
  world.timeline.add({
    what: 'function.call',
    subject: name,
    detail: {
      requestId,
      ms,
      invoker: invoker.kind,
      ...(error && { error }),
      ...(outTradeNo !== undefined && { outTradeNo }),
      log: excerptOf(log),
    },
  });
}

function newRequestId(world: World): string {
  const hex = world.randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
