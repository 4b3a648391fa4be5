import { ConnectionReset } from '../world/connectionReset.ts';
import type { Fault } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { isRefusalCode, Refusal } from './errors.ts';
import { merchantOf } from './keys/authorization.ts';
import type { KeyRing } from './keys/keyRing.ts';
import { signedHeaders } from './notifications/signed.ts';
import type { Answered, Asked } from './orders/operations.ts';
import { nonsense } from './wire/malformedBodies.ts';
import { createThrottle } from './wire/throttle.ts';

/** One way in: a method, a path, the operation's name as faults and the timeline know it. */
export interface Route {
  method: 'GET' | 'POST';
  /** Its first group is the part that the operation gets. */
  path: RegExp;
  operation: string;
  run(asked: Asked): Answered | Buffer;
}

/** What the door is made of. */
export interface DoorParts {
  world: World;
  keys: KeyRing;
  routes: readonly Route[];
  latencyMs: number;
  /** Requests a second that are let in; undefined: all. */
  ratePerSecond: number | undefined;
}

/** Makes the APIv3 door: signature checked on the way in, answers signed on the way out. */
export function createDoor(parts: DoorParts): (request: Request) => Promise<Response> {
  const { world, routes } = parts;
  const throttle = createThrottle(world, parts.ratePerSecond);
  return async (request) => {
    const url = new URL(request.url);
    const body = await request.text();
    const route = routes.find(
      (one) => one.method === request.method && one.path.test(url.pathname),
    );
    const fault = route && world.faults.take(`wechatpay.${route.operation}`);
    await world.life.pauseMs(parts.latencyMs + (fault?.delayMs ?? 0));
    if (fault?.kind === 'lost_request') throw new ConnectionReset({ acted: false });
    const answer = answerTo(parts, { request, url, body, route, fault, throttle });
    const subject = route?.path.exec(url.pathname)?.[1] ?? numberIn(body);
    const detail = { status: answer.status, ...(fault ? { fault: fault.kind } : {}) };
    const what = `wechatpay.${route?.operation ?? 'unknown'}`;
    world.timeline.add({ what, ...(subject ? { subject } : {}), detail });
    if (fault?.kind === 'lost_answer') throw new ConnectionReset({ acted: true });
    return answer;
  };
}

interface Visit {
  request: Request;
  url: URL;
  body: string;
  route: Route | undefined;
  fault: Fault | undefined;
  throttle: () => void;
}

function answerTo(
  parts: DoorParts,
  { request, url, body, route, fault, throttle }: Visit,
): Response {
  const { world, keys } = parts;
  try {
    if (!route) throw new Refusal('RESOURCE_NOT_EXISTS', '请求的资源不存在');
    const mchid = merchantOf(request, body, keys, world.clock);
    if (fault?.kind === 'throttled') throw new Refusal('FREQUENCY_LIMITED');
    if (fault?.kind === 'error') throw new Refusal(errorOf(fault));
    throttle();
    const wanted = request.headers.get('wechatpay-serial') ?? '';
    const signer = wanted.startsWith('PUB_KEY_ID_') ? 'publicKey' : 'certificate';
    const part = decoded(route.path.exec(url.pathname)?.[1] ?? '');
    const answered = route.run({ mchid, url, body, signer, serial: wanted, part });
    if (Buffer.isBuffer(answered)) return file(parts, answered);
    return signed(parts, answered, signer, fault);
  } catch (error) {
    if (error instanceof Refusal) return refused(parts, error);
    throw error;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal('PARAM_ERROR', '路径编码有误');
  }
}

function errorOf({ code = 'SYSTEM_ERROR' }: Fault) {
  return isRefusalCode(code) ? code : 'SYSTEM_ERROR';
}

function numberIn(body: string): string | undefined {
  const named = (name: string) =>
    new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,64})"`).exec(body)?.[1];
  return named('out_refund_no') ?? named('out_trade_no');
}

function signed(
  { world, keys }: DoorParts,
  { json }: Answered,
  signer: Asked['signer'],
  fault: Fault | undefined,
): Response {
  const plain = json === undefined ? '' : JSON.stringify(json);
  const twist = fault?.kind === 'mutated' ? nonsense[fault.code ?? ''] : undefined;
  const text = twist ? twist(plain) : plain;
  const headers = signedHeaders(world, keys, signer, text, fault?.kind === 'forged');
  const changed = fault?.kind === 'mutated' && !twist;
  const sent = changed ? `${text} ` : text;
  const status = json === undefined ? 204 : 200;
  const requestId = requestIdOf(world, '0');
  return new Response(status === 204 ? null : sent, {
    status,
    headers: { ...headers, 'Request-ID': changed && status === 204 ? 'changed' : requestId },
  });
}

function refused(
  { world }: DoorParts,
  { code, message, status, number, detail }: Refusal,
): Response {
  const body = { code, message, ...(detail === undefined ? {} : { detail }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', 'Request-ID': requestIdOf(world, number) },
  });
}

function file({ world }: DoorParts, bytes: Buffer): Response {
  const headers = { 'Content-Type': 'text/plain', 'Request-ID': requestIdOf(world, '0') };
  return new Response(new Uint8Array(bytes), { status: 200, headers });
}

function requestIdOf({ randomBytes }: World, number: string): string {
  return `08${randomBytes(12).toString('hex').toUpperCase()}-${number}`;
}
