import { ConnectionReset } from '../world/connectionReset.ts';
import { type FaultRefusals, takeFault } from '../world/takeFault.ts';
import type { World } from '../world/world.ts';
import type { Action, ActionDeps, ActionRequest, Outcome } from './actions/action.ts';
import { RefusalError, refuse } from './errors.ts';
import { ROUTES } from './routes.ts';
import { type Body, readBody } from './wire/body.ts';
import { type Fields, optionalText, requiredText } from './wire/fields.ts';
import { type Credential, verifySignature } from './wire/signature.ts';

/** The most an answer may hold (EXCEED_MAX_RESPONSE_SIZE). Source: docs.cloudbase.net/error-code. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** What the door needs to know. */
export interface HandlerOptions {
  envId: string;
  credentials(secretId: string): Credential | undefined;
  latencyMs?: number;
}

/**
 * The door `POST /admin`: takes a request apart, checks who asks, lets faults strike, acts, answers.
 * Every answer is HTTP 200; a refusal carries `{code, message, requestId}`. Throws
 * {@link ConnectionReset} where a fault swallows a message.
 */
export function createHandler(world: World, options: HandlerOptions, deps: ActionDeps) {
  return async (request: Request): Promise<Response> => {
    const requestId = world.randomBytes(16).toString('hex');
    try {
      if (request.method !== 'POST') throw refuse.malformed(`method ${request.method}`);
      const body = await readBody(request);
      checkCaller(world, options, request, body);
      const outcome = await serve(world, options, deps, request, body.fields);
      return 'bytes' in outcome ? passOn(outcome.bytes) : answer({ requestId, ...outcome.reply });
    } catch (error) {
      if (error instanceof ConnectionReset) throw error;
      const { code, message } =
        error instanceof RefusalError ? error : { code: 'SYS_ERR', message: String(error) };
      return answer({ code, message, requestId });
    }
  };
}

function checkCaller(world: World, options: HandlerOptions, request: Request, body: Body): void {
  const virtualMs = world.clock.nowMs();
  const clocksMs = [virtualMs, virtualMs - world.clock.offsetMs()];
  verifySignature(request, body, options.credentials, clocksMs);
  const env = optionalText(body.fields, 'envName');
  if (env !== undefined && env !== options.envId) throw refuse.environment(env);
}

async function serve(
  world: World,
  options: HandlerOptions,
  deps: ActionDeps,
  request: Request,
  fields: Fields,
): Promise<Outcome> {
  const name = requiredText(fields, 'action');
  const action = ROUTES.get(name);
  if (!action) throw refuse.malformed(`unknown action ${name}`);
  const operation = `cloudbase.${name.slice(name.indexOf('.') + 1)}`;
  const answerIsLost = await takeFault(world, operation, FAULT_REFUSALS);
  if (options.latencyMs) await world.life.pauseMs(options.latencyMs);
  const call = { fields, source: sourceOf(request) };
  const outcome = await runRecorded(world, operation, action, call, deps);
  if (answerIsLost) throw new ConnectionReset({ acted: true });
  return outcome;
}

const FAULT_REFUSALS: FaultRefusals = {
  throttled: refuse.throttled,
  error: (code) => new RefusalError(code ?? 'DATABASE_REQUEST_FAILED', 'a fault was switched on'),
};

/** Runs an action and tells the timeline what came of it. */
async function runRecorded(
  world: World,
  what: string,
  action: Action,
  call: ActionRequest,
  deps: ActionDeps,
): Promise<Outcome> {
  try {
    const outcome = await action.run(call, deps);
    if (action.recorded && 'about' in outcome && outcome.about)
      world.timeline.add({ what, ...outcome.about });
    return outcome;
  } catch (error) {
    if (action.recorded && error instanceof RefusalError) {
      const detail = { refused: error.code };
      world.timeline.add({ what, subject: subjectOf(call.fields), detail });
    }
    throw error;
  }
}

/** What a refused call was about. */
function subjectOf(fields: Fields): string {
  const names = ['collectionName', 'function_name', 'transactionId'];
  return String(names.map((name) => fields.get(name)).find((value) => value !== undefined) ?? '');
}

/** The chain of sources; the SDK starts it with a comma when its own caller is unknown. */
function sourceOf(request: Request): string {
  const chain = request.headers.get('x-tcb-source') ?? '';
  return chain.split(',').filter(Boolean).join(',');
}

function answer(body: Record<string, unknown>): Response {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > ANSWER_BYTES_MAX) {
    const { code, message } = refuse.tooLarge(bytes);
    return answer({ code, message, requestId: body.requestId });
  }
  return new Response(text, { headers: { 'content-type': 'application/json; charset=utf-8' } });
}

/**
 * What WeChat Pay said, as it said it. The real content type is not known; with the one of our own JSON
 * the SDKs would take it for a refusal.
 */
function passOn(bytes: Buffer): Response {
  const headers = { 'content-type': 'application/octet-stream' };
  return new Response(new Uint8Array(bytes), { headers });
}
