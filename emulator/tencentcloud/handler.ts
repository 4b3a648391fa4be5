import { ConnectionReset } from '../world/connectionReset.ts';
import { type FaultRefusals, takeFault } from '../world/takeFault.ts';
import type { World } from '../world/world.ts';
import type { Reply, Workshop } from './action.ts';
import { Refusal, refuse } from './errors.ts';
import type { ApiCall } from './options.ts';
import { type Asked, readRequest } from './request.ts';
import { isUpload, putObject } from './scf/upload.ts';

/**
 * The door of the Tencent Cloud API: checks who asks, finds the action, lets faults strike, acts,
 * answers. Every answer is HTTP 200 with `{Response: {…, RequestId}}`; a refusal carries `Error`.
 * Throws {@link ConnectionReset} where a fault swallows a message. `heard` is called for every call that
 * acts.
 */
export function createDoor(workshop: Workshop, heard: (call: ApiCall) => void) {
  const { world } = workshop;
  return async (request: Request): Promise<Response> => {
    if (isUpload(request)) return upload(workshop, heard, request);
    const requestId = newRequestId(world);
    try {
      const reply = await serve(workshop, heard, request);
      return answer({ ...reply, RequestId: requestId });
    } catch (error) {
      if (error instanceof ConnectionReset) throw error;
      const { code, message } =
        error instanceof Refusal ? error : refuse('InternalError', String(error));
      return answer({ Error: { Code: code, Message: message }, RequestId: requestId });
    }
  };
}

async function serve(
  workshop: Workshop,
  heard: (call: ApiCall) => void,
  request: Request,
): Promise<Reply> {
  const asked = await readRequest(workshop, request);
  const { operation, name, action, subject } = asked;
  const answerIsLost = await takeFault(workshop.world, operation, struck);
  heard({ action: name, write: action.write, subject });
  const reply = await recorded(workshop, asked);
  if (answerIsLost) throw new ConnectionReset({ acted: true });
  return reply;
}

const struck: FaultRefusals = {
  throttled: () =>
    refuse('RequestLimitExceeded', '请求过于频繁，请稍后再试 (too many requests, try later)'),
  error: (code) => new Refusal(code ?? 'InternalError', '故障开关已打开 (a fault was switched on)'),
};

/** Runs an action and tells the timeline what came of a write. */
async function recorded(
  workshop: Workshop,
  { operation, action, params, subject }: Asked,
): Promise<Reply> {
  const { timeline } = workshop.world;
  try {
    const reply = await action.run(params, workshop);
    if (action.write) timeline.add({ what: operation, subject });
    if (action.deploys) workshop.options.changed();
    return reply;
  } catch (error) {
    if (action.write && error instanceof Refusal) {
      timeline.add({ what: operation, subject, detail: { refused: error.code } });
    }
    throw error;
  }
}

/** `PUT` of code into the temporary bucket, at which faults strike as `cos.PutObject`. */
async function upload(
  workshop: Workshop,
  heard: (call: ApiCall) => void,
  request: Request,
): Promise<Response> {
  const operation = 'cos.PutObject';
  try {
    const answerIsLost = await takeFault(workshop.world, operation, struck);
    const subject = new URL(request.url).pathname;
    heard({ action: 'PutObject', write: true, subject });
    const response = await putObject(request, workshop);
    workshop.world.timeline.add({ what: operation, subject, detail: { status: response.status } });
    if (answerIsLost) throw new ConnectionReset({ acted: true });
    return response;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new Response(`<Error><Code>${error.code}</Code></Error>`, { status: 503 });
  }
}

function newRequestId(world: World): string {
  const hex = world.randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function answer(reply: Reply): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify({ Response: reply }), { headers });
}
