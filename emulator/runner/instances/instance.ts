import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type Failure, failures } from '../errors.ts';
import type { FunctionSpec } from '../invocation.ts';
import { createOutput } from './output.ts';

/** One event on its way into a process. */
export interface InstanceInvocation {
  /** JSON. */
  event: string;
  /** The plain fields of SCF's context. */
  fields: Record<string, unknown>;
  variables: Record<string, string>;
  /** Virtual time adds this to real time. */
  offsetMs: number;
  timeLimitMs: number;
  /** After the answer nothing in it goes on until the next event; else it runs on. */
  freezes: boolean;
}

/** A process answers the result as JSON text, or why there is none. */
export type InstanceAnswer =
  | { kind: 'result'; result: string }
  | { kind: 'failure'; failure: Failure };

/** One process of a function. It runs one event at a time; the pool sees to that. */
export interface Instance {
  readonly spec: FunctionSpec;
  readonly pid: number;
  readonly invocations: number;
  /** How long it took from the start of the process until the bundle was loaded; undefined before. */
  readonly coldStartMs: number | undefined;
  /** False from the moment it is stopped, times out or ends. */
  readonly alive: boolean;
  /** Loads the bundle (cold start); answers at once when that was done before. */
  load(offsetMs: number): Promise<Failure | undefined>;
  run(call: InstanceInvocation): Promise<InstanceAnswer>;
  /** Takes the lines printed since the last time. */
  takeLog(): string[];
  stop(): void;
  /** Settles when the process has ended and its output was read. */
  gone: Promise<void>;
}

const HOST = fileURLToPath(new URL('./host.cjs', import.meta.url));

/** SCF's default limit for loading a function's code. */
const LOAD_LIMIT_MS = 65_000;

type Reply = ({ kind: 'done'; result: string } | { kind: 'failed'; message: string }) & {
  /** The process is frozen, with connections open at these ports of its own. */
  ports?: number[];
};
type Message = Reply | { kind: 'output'; text: string };

/** A process starts with exactly this environment; nothing of ours leaks into it. */
export interface InstanceDeps {
  environment: Record<string, string>;
  /** Hears of the connections that a frozen process will find dead, by its own ports. */
  cutConnections(ports: readonly number[]): void;
  /** Rewrites the lines that it printed. */
  showSource(lines: string[]): string[];
}

/** Starts a process of a function. */
export function startInstance(
  spec: FunctionSpec,
  { environment, cutConnections, showSource }: InstanceDeps,
): Instance {
  const startedMs = performance.now();
  const child = fork(HOST, [], {
    cwd: dirname(spec.file),
    env: environment,
    execArgv: [`--max-old-space-size=${spec.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
  });
  const output = createOutput();
  const channel = openChannel(child, spec, { write: output.write, cutConnections });
  let loaded: Promise<InstanceAnswer> | undefined;
  let invocations = 0;
  let coldStartMs: number | undefined;
  return {
    spec,
    pid: child.pid ?? 0,
    get invocations() {
      return invocations;
    },
    get coldStartMs() {
      return coldStartMs;
    },
    get alive() {
      return channel.isOpen();
    },
    load: async (offsetMs) => {
      loaded ??= channel.ask({ kind: 'load', file: spec.file, offsetMs }, LOAD_LIMIT_MS);
      const answer = await loaded;
      coldStartMs ??= Math.round((performance.now() - startedMs) * 10) / 10;
      return answer.kind === 'failure' ? answer.failure : undefined;
    },
    run: (call) => {
      invocations += 1;
      return channel.ask({ kind: 'run', ...call }, call.timeLimitMs);
    },
    takeLog: () => showSource(output.take()),
    stop: channel.kill,
    gone: channel.gone,
  };
}

/** A channel hands on what the process prints, and names the connections that it leaves. */
interface ChannelDeps {
  write(text: string): void;
  cutConnections: InstanceDeps['cutConnections'];
}

/** Opens a channel for one question at a time to the process; its end answers the open one. */
function openChannel(
  child: ChildProcess,
  spec: FunctionSpec,
  { write, cutConnections }: ChannelDeps,
) {
  const gate = openGate(child, cutConnections);
  let open = true;
  let answer: (answer: InstanceAnswer) => void = () => {};
  let lastWords = '';
  let killed = false;
  const fail = (failure: Failure) => answer({ kind: 'failure', failure });
  const kill = () => {
    open = false;
    killed = true;
    child.kill('SIGKILL');
  };
  child.on('message', (message: Message) => {
    if (message.kind === 'output') return write(message.text);
    gate.passed(message);
    if (message.kind === 'done') answer({ kind: 'result', result: message.result });
    else fail(failures.thrown(message.message));
  });
  // The pipes carry what is written past `process.stdout`, such as Node's own last words.
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk).slice(-20_000);
      write(String(chunk));
    });
  }
  const gone = waitForEnd(child, () => killed).then(() => {
    open = false;
    const starved = lastWords.includes('heap out of memory');
    fail(starved ? failures.outOfMemory(spec.memoryMb) : failures.exited());
  });
  const ask = (message: Record<string, unknown>, limitMs: number) =>
    new Promise<InstanceAnswer>((resolve) => {
      const limit = setTimeout(() => {
        kill();
        fail(failures.timedOut(limitMs));
      }, limitMs);
      answer = (first) => {
        clearTimeout(limit);
        answer = () => {};
        resolve(first);
      };
      if (!open) fail(failures.exited());
      // A process that died meanwhile is reported by `gone`, not by the failed send.
      else {
        gate.open();
        child.send(message as object, () => {});
      }
    });
  return { ask, kill, gone, isOpen: () => open };
}

/** Opens the gate at which a frozen process waits for the next event; see `freeze.cjs`. */
function openGate(child: ChildProcess, cutConnections: InstanceDeps['cutConnections']) {
  const pipe = child.stdio[4] as Socket | null;
  let frozen = false;
  // A process that died meanwhile is reported by its end, not by the failed write.
  pipe?.on('error', () => {});
  return {
    passed: ({ ports }: Reply) => {
      if (ports === undefined) return;
      frozen = true;
      cutConnections(ports);
    },
    open: () => {
      if (frozen) pipe?.write('.');
      frozen = false;
    },
  };
}

/**
 * Settles when the process is gone and its pipes are read, or when it could not be started. The
 * pipes of one that was killed are not waited for: what it started itself may hold them.
 */
function waitForEnd(child: ChildProcess, wasKilled: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => wasKilled() && resolve());
    child.once('close', () => resolve());
    // Later errors concern messages to a process that is ending; `close` reports it.
    child.on('error', () => child.pid === undefined && resolve());
  });
}
