import type { Service } from '../world/service.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { createHandler } from './handler.ts';
import type { FunctionSpec, Invoker, Outcome } from './invocation.ts';
import { createInvoke, type Invoke } from './invocations/createInvoke.ts';
import { timerEvent } from './invocations/event.ts';
import { firingSets, type PlatformSwitches } from './invocations/switches.ts';
import { createTokens, type Tokens } from './invocations/tokens.ts';
import { openState } from './state.ts';
import { createTimers, type DueTrigger } from './triggers/timers.ts';

/** Functions run in this environment, as those of this mini program. */
export interface RunnerOptions {
  envId: string;
  /** Of the mini program. */
  appid: string;
  region: string;
  /** The temporary keys of the function role; asked at every invocation. */
  credentials(): { secretId: string; secretKey: string; token: string };
  /** `POST /admin` of the local CloudBase; the SDKs find it in `TCB_CONTEXT_CNFG`. */
  adminUrl: string;
  /** How the platform behaves where sources differ; the usual where left out. */
  switches?: Partial<PlatformSwitches>;
  /** Timers fire only where time is moved or they are asked to: the minutes of real time pass without them. */
  heldTimers?: boolean;
  /** How many processes a function may have; further calls wait in line. Default 20. */
  instancesMax?: number;
  /** Rewrites the lines that a function printed; left out: as they are. */
  showSource?(spec: FunctionSpec, lines: string[]): string[];
  /** Kills connections of a frozen instance, by its own ports; left out: they survive. */
  cutConnections?(ports: readonly number[], how: PlatformSwitches['deadConnections']): void;
}

/** Cloud functions (云函数) as SCF runs them: child processes, HTTP access routes, timers. */
export interface Runner extends Service {
  /**
   * Replaces all functions. Processes of changed ones end after their event. Throws, changing
   * nothing, when one cannot be deployed: no bundle, environment above 4 kB, ill-formed timer.
   */
  load(functions: FunctionSpec[]): void;
  /** Lists the functions that callers get by their name. */
  functions(): FunctionSpec[];
  /** Runs a function; time does not move meanwhile. Whatever fails in it is an outcome. */
  invoke(name: string, event: unknown, invoker: Invoker): Promise<Outcome>;
  /** Checks whether an HTTP access route covers the path of a request. */
  owns(request: HttpRequest): boolean;
  /** Answers a request to an HTTP access route; undefined when no route covers its path. */
  handle(request: HttpRequest): Promise<Response | undefined>;
  /** Puts the switches of {@link Runner.tokens} back; functions and their timers stay. */
  reset(): void;
  /** Fires the triggers of a function now, one after another, each in every set that has it. */
  fireTimer(name: string): Promise<Outcome[]>;
  /** Names the trigger that falls due first. */
  nextTimer(): DueTrigger | undefined;
  /** Plans each trigger for its first occurrence after `ms`; those before it never happen. */
  skipTimersTo(ms: number): void;
  /** The tokens for cloud calls (云调用) that its functions were given. */
  tokens: Tokens;
  /** Ends the instances of a function, busy ones after their event: its next call is a cold start. */
  restart(name: string): Promise<void>;
  instances(): { name: string; pid: number; busy: boolean; invocations: number }[];
  /**
   * Ends what runs, its process with it, and waits for its end; calls in line end with an error.
   */
  endRunning(): Promise<void>;
  /** Ends every process, as {@link Runner.endRunning} ends those that run; the next call starts one anew. */
  endInstances(): Promise<void>;
  /** Ends all processes; running invocations answer an error. */
  close(): Promise<void>;
}

/** Builds a runner without functions. */
export function createRunner(world: World, options: RunnerOptions): Runner {
  const tokens = createTokens(world, options.switches);
  const cutConnections = (ports: readonly number[]) =>
    options.cutConnections?.(ports, tokens.switches().deadConnections);
  const state = openState({ ...options, cutConnections });
  const { envId, appid, region, credentials } = options;
  const { poolOf, functionAt } = state;
  const invoke = createInvoke({ world, envId, appid, region, credentials, tokens, poolOf });
  const fire = createFire(world, tokens, invoke);
  const { heldTimers: held = false } = options;
  const timers = createTimers(world, { fire: (due) => fire(due.name, due.trigger), held });
  return {
    load: (functions) => {
      state.load(functions);
      timers.load(functions);
    },
    functions: state.functions,
    invoke,
    owns: (request) => functionAt(new URL(request.url).pathname) !== undefined,
    handle: createHandler({ world, envId, functionAt, invoke }),
    reset: tokens.reset,
    fireTimer: async (name) => {
      const outcomes: Outcome[] = [];
      const spec = state.functions().find((each) => each.name === name);
      for (const trigger of spec?.timers ?? []) outcomes.push(...(await fire(name, trigger.name)));
      return outcomes;
    },
    tokens,
    nextTimer: timers.next,
    skipTimersTo: timers.skipTo,
    restart: async (name) => poolOf(name)?.restart(),
    instances: state.instances,
    endRunning: state.endRunning,
    endInstances: state.endInstances,
    saved: { name: 'runner', tables: {}, reopen: timers.resume },
    close: state.close,
  };
}

/** Fires a trigger in every set that has it; each run is what its timer caused. */
function createFire(world: World, tokens: Tokens, invoke: Invoke) {
  const { causes, timeline, clock } = world;
  return async (name: string, trigger: string) => {
    const outcomes: Outcome[] = [];
    for (const set of firingSets(tokens.switches())) {
      const event = timerEvent(trigger, clock.nowMs());
      const cause = causes.open({ startsChain: true, isOfMany: true });
      const detail = { trigger, set };
      timeline.add({ what: 'timer.fired', subject: name, key: cause.key, detail });
      const run = () => invoke(name, event, { kind: 'timer', trigger, set });
      outcomes.push(await causes.within(cause, run));
    }
    return outcomes;
  };
}
