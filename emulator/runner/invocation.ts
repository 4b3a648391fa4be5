import type { Failure } from './errors.ts';

/** A deployed function: what `serverless.yml` says of it, and where its bundle lies. */
export interface FunctionSpec {
  name: string;
  /** `$LATEST` (default) or a published number: what the context says. */
  version?: string;
  /**
   * The key that it is invoked by, where that is not its name: a version that callers do not get.
   */
  key?: string;
  /** Absolute path of a CommonJS bundle that exports `main`. */
  file: string;
  timeoutMs: number;
  memoryMb: number;
  /** At most 4 kB in all. */
  environment: Record<string, string>;
  /** `cron` has 7 fields, in UTC+8. */
  timers: { name: string; cron: string }[];
  /** HTTP access (HTTP 访问服务): a request to the path or below it reaches the function. */
  routes: { path: string }[];
}

/** Who keeps a timer: SCF, by a deploy, or WeChat, uploaded by its DevTools. */
export type TimerSet = 'deployed' | 'devtools';

/** Who starts a function; decides the event's form and which platform variables there are. */
export type Invoker =
  /** A mini program: `source` is `wx_client`, `wx_devtools`, `wx_unknown`, … */
  | { kind: 'client'; openid: string; source: string }
  /**
   * Another function: `chain` is `wx_client,scf`, `scf`, …; `gone` is aborted once it waits no longer for the
   * answer, being frozen or at its end.
   */
  | { kind: 'function'; chain: string; openid?: string; gone?: AbortSignal | undefined }
  | { kind: 'http' }
  /** CloudBase's HTTP API, with an administrator's key. */
  | { kind: 'api' }
  | { kind: 'timer'; trigger: string; set: TimerSet }
  /** Any other source of the platform: `wx_paycallback`, `wx_http`, `wx_trigger`, … */
  | { kind: 'other'; source: string; openid?: string };

/** How an invocation ended. */
export interface Outcome {
  requestId: string;
  /** From handing over the event to the answer; starting an instance is not counted. */
  durationMs: number;
  /** How long the start of its instance took, where it was the first one there. */
  coldStartMs?: number;
  /** The lines it printed, in order. */
  log: string[];
  /** As it travelled: plain JSON. */
  result?: unknown;
  error?: Failure;
}
