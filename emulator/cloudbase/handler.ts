import { performance } from 'node:perf_hooks';
import { ConnectionReset } from '../world/connectionReset.ts';
import { type FaultRefusals, takeFault } from '../world/takeFault.ts';
import type { Credential } from '../world/tc3.ts';
import { type HttpRequest, type HttpResponse, WholeAnswer } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import type { Action, ActionDeps, ActionRequest, Outcome } from './actions/action.ts';
import { RefusalError, refuse } from './errors.ts';
import { ROUTES } from './routes.ts';
import { type Body, readBody } from './wire/body.ts';
import { type Fields, optionalText, requiredText } from './wire/fields.ts';
import { verifySignature } from './wire/signature.ts';

/**
 * An answer may hold this many bytes (EXCEED_MAX_RESPONSE_SIZE). Source:
 * docs.cloudbase.net/error-code.
 */
const ANSWER_BYTES_MAX = 1024 * 1024;

const FAULT_REFUSALS: FaultRefusals = {
  throttled: refuse.throttled,
  error: (code) => new RefusalError(code ?? 'DATABASE_REQUEST_FAILED', 'a fault was switched on'),
};

/** The handler needs these beside what its actions work with. */
export interface HandlerDeps {
  world: World;
  envId: string;
  credentials(secretId: string): Credential | undefined;
  latencyMs?: number;
  actions: ActionDeps;
}

/**
 * Answers `POST /admin`: takes a request apart, checks who asks, takes a fault if one is switched
 * on, acts. Every answer is HTTP 200; a refusal carries `{code, message, requestId}`. Throws {@link
 * ConnectionReset} where a fault swallows a message.
 */
export function createHandler(deps: HandlerDeps) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const requestId = deps.world.randomBytes(16).toString('hex');
    try {
      if (request.method !== 'POST') throw refuse.malformed(`method ${request.method}`);
      const body = await readBody(request);
      checkCaller(deps, request, body);
      const outcome = await act(deps, { fields: body.fields, source: sourceOf(request), request });
      return outcome.kind === 'bytes'
        ? passOn(outcome.bytes)
        : answer({ requestId, ...outcome.reply });
    } catch (error) {
      if (error instanceof ConnectionReset) throw error;
      const { code, message } =
        error instanceof RefusalError ? error : { code: 'SYS_ERR', message: String(error) };
      return answer({ code, message, requestId });
    }
  };
}

function checkCaller({ world, envId, credentials }: HandlerDeps, request: HttpRequest, body: Body) {
  verifySignature(request, body, credentials, world.clock);
  const env = optionalText(body.fields, 'envName');
  if (env !== undefined && env !== envId) throw refuse.environment(env);
}

/** Names an action as faults and the timeline know it. */
function operationOf(name: string): string {
  return `cloudbase.${name.slice(name.indexOf('.') + 1)}`;
}

/** Every action as faults and the timeline know it, once. */
export const OPERATIONS: readonly string[] = [...new Set([...ROUTES.keys()].map(operationOf))];

async function act(deps: HandlerDeps, request: ActionRequest): Promise<Outcome> {
  const name = requiredText(request.fields, 'action');
  const action = ROUTES.get(name);
  if (!action) throw refuse.malformed(`unknown action ${name}`);
  const operation = operationOf(name);
  const answerIsLost = await takeFault(deps.world, operation, FAULT_REFUSALS);
  if (deps.latencyMs) await deps.world.life.pauseMs(deps.latencyMs);
  const outcome = await runRecorded(deps, { operation, action, request });
  if (answerIsLost) throw new ConnectionReset({ acted: true });
  return outcome;
}

/** An action that is about to run, under the name that faults and the timeline know it by. */
interface Run {
  operation: string;
  action: Action;
  request: ActionRequest;
}

/** Runs an action and records a write in the timeline, be it done or refused. */
async function runRecorded(deps: HandlerDeps, { operation, action, request }: Run) {
  const { timeline } = deps.world;
  const startedMs = performance.now();
  const sent = sentOf(request.fields);
  try {
    const outcome = await action.run(request, deps.actions);
    if (action.recorded && outcome.kind === 'reply' && outcome.about) {
      const answered = { line: '200', headers: {}, body: JSON.stringify(outcome.reply) };
      const facts = { what: operation, ms: msSince(startedMs), ...outcome.about };
      timeline.add(facts, { sent, answered });
    }
    return outcome;
  } catch (error) {
    if (action.recorded && error instanceof RefusalError) {
      const { code, message } = error;
      const answered = { line: '200', headers: {}, body: JSON.stringify({ code, message }) };
      const about = { subject: subjectOf(request.fields), detail: { refused: code } };
      timeline.add({ what: operation, ms: msSince(startedMs), ...about }, { sent, answered });
    }
    throw error;
  }
}

/** The fields of a request as they came. */
function sentOf(fields: Fields) {
  const body = JSON.stringify(Object.fromEntries(fields));
  return { line: 'POST /admin', headers: {}, body };
}

function msSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) * 10) / 10;
}

/** Names what a refused call was about. */
function subjectOf(fields: Fields): string {
  const names = ['collectionName', 'function_name', 'transactionId'];
  return String(names.map((name) => fields.get(name)).find((value) => value !== undefined) ?? '');
}

/** Reads the chain of sources; the SDK starts it with a comma when its own caller is unknown. */
function sourceOf(request: HttpRequest): string {
  const chain = request.headers.get('x-tcb-source') ?? '';
  return chain.split(',').filter(Boolean).join(',');
}

function answer(body: Record<string, unknown>): WholeAnswer {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > ANSWER_BYTES_MAX) {
    const { code, message } = refuse.tooLarge(bytes);
    return answer({ code, message, requestId: body.requestId });
  }
  return new WholeAnswer(text, 'application/json; charset=utf-8');
}

/**
 * Passes on what WeChat Pay answered, byte for byte. The real content type is not known; with the
 * one of our own JSON the SDKs would take it for a refusal.
 */
function passOn(bytes: Buffer): WholeAnswer {
  return new WholeAnswer(bytes, 'application/octet-stream');
}
