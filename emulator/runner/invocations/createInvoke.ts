import { newRequestId } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { failures } from '../errors.ts';
import { excerptOf } from '../instances/output.ts';
import type { Pool } from '../instances/pool.ts';
import type { Invoker, Outcome } from '../invocation.ts';
import { eventFor, outTradeNoOf } from './event.ts';
import { failedOutcome, invokeOn } from './invoke.ts';
import type { Tokens } from './tokens.ts';
import { variablesOf } from './variables.ts';

const CLIENT_RESULT_MB_MAX = 1;
const RESULT_MB_MAX = 6;

/** An invocation needs these of its cloud. */
export interface InvokeDeps {
  world: World;
  envId: string;
  appid: string;
  region: string;
  credentials(): { secretId: string; secretKey: string; token: string };
  tokens: Tokens;
  poolOf(name: string): Pool | undefined;
}

/** Runs a function by its name; `requestId` is drawn where it is left out. */
export type Invoke = (
  name: string,
  event: unknown,
  invoker: Invoker,
  requestId?: string,
) => Promise<Outcome>;

/** Takes an invocation from its caller to the timeline; virtual time does not move meanwhile. */
export function createInvoke(deps: InvokeDeps): Invoke {
  const { world } = deps;
  return (name, event, invoker, requestId = newRequestId(world)) =>
    world.gate.during(async () => {
      const cause = world.causes.open({ key: requestId });
      const work = () => run(deps, { name, event, invoker, requestId });
      const outcome = await world.causes.within(cause, work);
      record(world, { name, event, invoker, outcome });
      return outcome;
    });
}

interface Started {
  name: string;
  event: unknown;
  invoker: Invoker;
  requestId: string;
}

async function run(deps: InvokeDeps, started: Started): Promise<Outcome> {
  const { name, event, invoker, requestId } = started;
  const { world, appid } = deps;
  const { afterAnswer, startedCalls } = deps.tokens.switches();
  const pool = deps.poolOf(name);
  if (!pool) return failedOutcome(requestId, failures.notFound(name));
  const variables = variablesOf(invoker, {
    envId: deps.envId,
    appid,
    credentials: deps.credentials(),
    seqId: world.randomBytes(8).toString('hex'),
    tokens: deps.tokens,
  });
  return invokeOn(pool, {
    name,
    requestId,
    event: eventFor(event, invoker, appid),
    variables,
    offsetMs: world.clock.offsetMs(),
    afterAnswer,
    gone: startedCalls === 'lost' && invoker.kind === 'function' ? invoker.gone : undefined,
    resultMbMax: invoker.kind === 'client' ? CLIENT_RESULT_MB_MAX : RESULT_MB_MAX,
    envId: deps.envId,
    region: deps.region,
  });
}

interface Ended {
  name: string;
  event: unknown;
  invoker: Invoker;
  outcome: Outcome;
}

function record({ timeline }: World, { name, event, invoker, outcome }: Ended): void {
  const outTradeNo = outTradeNoOf(event);
  const { requestId, durationMs: ms, coldStartMs, error, log, result } = outcome;
  const detail = {
    requestId,
    ms,
    invoker: invoker.kind,
    ...(coldStartMs !== undefined && { coldStartMs }),
    ...(error && { error }),
    ...(outTradeNo !== undefined && { outTradeNo }),
    log: excerptOf(log),
  };
  const sent = { line: 'event', headers: {}, body: textOf(event) };
  const line = error ? 'error' : 'result';
  const answered = { line, headers: {}, body: textOf(error ?? result) };
  const facts = { what: 'function.call', subject: name, key: requestId, ms, detail };
  timeline.add(facts, { sent, answered, log });
}

function textOf(value: unknown): string {
  return JSON.stringify(value ?? null, undefined, 2);
}
