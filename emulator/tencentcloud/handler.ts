import { ConnectionReset } from '../world/connectionReset.ts';
import { newRequestId } from '../world/service.ts';
import { type FaultRefusals, takeFault } from '../world/takeFault.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { ActionDeps, Reply } from './action.ts';
import { RefusalError, refuse } from './errors.ts';
import type { ApiCall } from './options.ts';
import { type ApiRequest, readRequest } from './request.ts';
import { isUpload, putObject } from './scf/upload.ts';

const FAULT_REFUSALS: FaultRefusals = {
  throttled: () =>
    refuse('RequestLimitExceeded', '请求过于频繁，请稍后再试 (too many requests, try later)'),
  error: (code) =>
    new RefusalError(code ?? 'InternalError', '故障开关已打开 (a fault was switched on)'),
};

/**
 * Answers the Tencent Cloud API: checks who asks, finds the action, takes a fault if one is
 * switched on, acts. Every answer is HTTP 200 with `{Response: {…, RequestId}}`; a refusal carries
 * `Error`. Throws {@link ConnectionReset} where a fault swallows a message. `onCall` is called for
 * every call that acts.
 */
export function createHandler(deps: ActionDeps, onCall: (call: ApiCall) => void) {
  const { world } = deps;
  return async (request: HttpRequest): Promise<Response> => {
    if (isUpload(request)) return upload(deps, onCall, request);
    const requestId = newRequestId(world);
    try {
      const reply = await serve(deps, onCall, request);
      return answer({ ...reply, RequestId: requestId });
    } catch (error) {
      if (error instanceof ConnectionReset) throw error;
      const { code, message } =
        error instanceof RefusalError ? error : refuse('InternalError', String(error));
      return answer({ Error: { Code: code, Message: message }, RequestId: requestId });
    }
  };
}

async function serve(
  deps: ActionDeps,
  onCall: (call: ApiCall) => void,
  request: HttpRequest,
): Promise<Reply> {
  const apiRequest = await readRequest(deps, request);
  const { operation, name, action, subject } = apiRequest;
  const answerIsLost = await takeFault(deps.world, operation, FAULT_REFUSALS);
  onCall({ action: name, write: action.write, subject });
  const reply = await runRecorded(deps, apiRequest);
  if (answerIsLost) throw new ConnectionReset({ acted: true });
  return reply;
}

/** Runs an action and records a write in the timeline, be it done or refused. */
async function runRecorded(
  deps: ActionDeps,
  { operation, action, params, subject }: ApiRequest,
): Promise<Reply> {
  const { timeline } = deps.world;
  try {
    const reply = await action.run(params, deps);
    if (action.write) timeline.add({ what: operation, subject });
    if (action.deploys) deps.announce();
    return reply;
  } catch (error) {
    if (action.write && error instanceof RefusalError) {
      timeline.add({ what: operation, subject, detail: { refused: error.code } });
    }
    throw error;
  }
}

/** Answers the `PUT` of code into the temporary bucket; its faults are those of `cos.PutObject`. */
async function upload(
  deps: ActionDeps,
  onCall: (call: ApiCall) => void,
  request: HttpRequest,
): Promise<Response> {
  const operation = 'cos.PutObject';
  try {
    const answerIsLost = await takeFault(deps.world, operation, FAULT_REFUSALS);
    const subject = new URL(request.url).pathname;
    onCall({ action: 'PutObject', write: true, subject });
    const response = await putObject(request, deps);
    deps.world.timeline.add({ what: operation, subject, detail: { status: response.status } });
    if (answerIsLost) throw new ConnectionReset({ acted: true });
    return response;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return new Response(`<Error><Code>${error.code}</Code></Error>`, { status: 503 });
  }
}

function answer(reply: Reply): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify({ Response: reply }), { headers });
}
