import type { Caller } from '../../contract/callers.ts';
import type { LogFields } from '../../ports/log.ts';
import type { Invocation } from '../../usecases/step/deps.ts';

/** The context that SCF passes to a function beside the event; the type of each field is checked. */
export interface ScfContext {
  request_id?: unknown;
  /** JSON text of this call's variables; older stacks have `environ`, `k=v;k=v`. */
  environment?: unknown;
  environ?: unknown;
  getRemainingTimeInMillis?: unknown;
  callbackWaitsForEmptyEventLoop?: unknown;
}

/** One invocation as the pipeline carries it, in the place of middy's context. */
export interface FunctionInvocation extends Invocation {
  /** How the function is invoked. */
  form: 'call' | 'http' | 'timer';
  requestId: string;
  /** This call's own platform variables; absent means absent. */
  variables: Readonly<Record<string, string>>;
  caller: Caller;
  /** APIv2's XML was posted, so that the answer is XML too. */
  postedXml?: boolean;
  fields: Partial<LogFields>;
  /** The caller has its answer, and the wide line is printed. */
  isAnswered: boolean;
  startedMs: number;
  /** Read by middy, which ends the invocation in time. */
  getRemainingTimeInMillis(): number;
}

/** The time for the answer to a notification: WeChat waits 5 s. */
const HTTP_DEADLINE_MS = 4500;
const UNKNOWN_DEADLINE_MS = 3000;

/** An invocation needs a clock for its deadline, and where its lines go. */
export interface InvocationDeps {
  monotonicMs(): number;
  printLine(fields: Partial<LogFields>): void;
}

/** Reads SCF's context of one invocation. */
export function beginInvocation(
  context: ScfContext,
  form: 'call' | 'http' | 'timer',
  { monotonicMs, printLine }: InvocationDeps,
): FunctionInvocation {
  const startedMs = monotonicMs();
  const platformMs = platformDeadlineMs(context);
  const deadlineMs =
    startedMs + (form === 'http' ? Math.min(platformMs, HTTP_DEADLINE_MS) : platformMs);
  const remainingMs = () => deadlineMs - monotonicMs();
  const fields: Partial<LogFields> = {};
  const requestId = typeof context.request_id === 'string' ? context.request_id : '';
  // The answer must not wait for idle sockets and timers of the SDK.
  context.callbackWaitsForEmptyEventLoop = false;
  return {
    form,
    requestId,
    variables: variablesOf(context),
    caller: { kind: 'other', source: '' },
    fields,
    isAnswered: false,
    startedMs,
    remainingMs,
    getRemainingTimeInMillis: remainingMs,
    log: {
      add: (more) => Object.assign(fields, more),
      count: (what) => Object.assign(fields, { [what]: (fields[what] ?? 0) + 1 }),
      line: (own) => printLine({ requestId, ...own }),
    },
  };
}

function platformDeadlineMs({ getRemainingTimeInMillis: remaining }: ScfContext): number {
  const ms: unknown = typeof remaining === 'function' ? remaining() : undefined;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : UNKNOWN_DEADLINE_MS;
}

/** The variables of a call that we go by; whatever else a list holds, part of a value among it, is not read. */
const CALL_VARIABLES: readonly string[] = [
  'WX_OPENID',
  'TCB_SOURCE',
  'TRIGGER_SRC',
  'WX_API_TOKEN',
  'WX_TRIGGER_API_TOKEN_V0',
];

/**
 * Reads the variables of this call and no other: `process.env` of a warm instance still holds the last
 * caller's, so it is never asked. Empty is absent.
 */
export function variablesOf({ environment, environ }: ScfContext): Record<string, string> {
  const all = typeof environment === 'string' ? parsed(environment) : firstOfEach(environ);
  const read: Record<string, string> = {};
  for (const name of CALL_VARIABLES) {
    const value = Object.hasOwn(all, name) ? all[name] : undefined;
    if (typeof value === 'string' && value !== '') read[name] = value;
  }
  return read;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Unreadable is absent: a caller without identity.
  }
}

/** Splits `k=v;k=v`. A value may hold `;k=` too, so that the first of a name counts. */
function firstOfEach(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string') return {};
  const pairs = text.split(';').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)];
  });
  // Of one name the last stays, which is the first one read backwards.
  return Object.fromEntries(pairs.reverse());
}
