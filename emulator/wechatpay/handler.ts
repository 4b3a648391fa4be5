import type { Fault } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { isRefusalCode, RefusalError } from './errors.ts';
import { verifiedMerchant } from './keys/authorization.ts';
import type { KeyRing } from './keys/keyRing.ts';
import { signedHeaders } from './keys/signature.ts';
import type { Route } from './routes.ts';
import { answerUnderFault } from './wire/exchange.ts';
import { malformedBy } from './wire/malformedBodies.ts';
import type { OperationAnswer, OperationRequest, SignerKind } from './wire/operation.ts';
import { createThrottle } from './wire/throttle.ts';

/** Lists what the handler of APIv3 needs. */
export interface HandlerDeps {
  world: World;
  keys: KeyRing;
  routes: readonly Route[];
  latencyMs: number;
  /** Requests a second that are let in; undefined: all. */
  ratePerSecond: number | undefined;
}

/** Makes the handler of APIv3: signature verified on the way in, answers signed on the way out. */
export function createHandler(deps: HandlerDeps): (request: Request) => Promise<Response> {
  const { world, routes, latencyMs, ratePerSecond } = deps;
  const throttle = createThrottle(world, ratePerSecond);
  return async (request) => {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    const route = routes.find(
      ({ method, path }) => method === request.method && path.test(pathname),
    );
    const pathPart = route?.path.exec(pathname)?.[1];
    return answerUnderFault(world, { operation: route?.operation, latencyMs }, (fault) => {
      const arrived = { request, body, route, pathPart, fault, throttle };
      const answer = answerTo(deps, arrived);
      const subject = pathPart ?? numberIn(body);
      return { answer, subject, detail: { status: answer.status } };
    });
  };
}

/** A request that arrived, and all that decides how it is answered. */
interface Arrived {
  request: Request;
  body: string;
  route: Route | undefined;
  /** The part of the path that names the thing asked for, not decoded yet. */
  pathPart: string | undefined;
  fault: Fault | undefined;
  throttle(): void;
}

function answerTo(deps: HandlerDeps, arrived: Arrived): Response {
  const { world, keys } = deps;
  const { request, body, route, fault, throttle } = arrived;
  try {
    if (!route) throw new RefusalError('RESOURCE_NOT_EXISTS', '请求的资源不存在');
    const mchid = verifiedMerchant(request, body, keys, world.clock);
    if (fault?.kind === 'throttled') throw new RefusalError('FREQUENCY_LIMITED');
    if (fault?.kind === 'error') throw new RefusalError(codeOf(fault));
    throttle();
    const operation = operationRequest(mchid, arrived);
    const answer = route.run(operation);
    if (Buffer.isBuffer(answer)) return fileResponse(world, answer);
    return signedResponse(deps, answer, operation.signer, fault);
  } catch (error) {
    if (error instanceof RefusalError) return refusalResponse(world, error);
    throw error;
  }
}

function operationRequest(
  mchid: string,
  { request, body, pathPart = '' }: Arrived,
): OperationRequest {
  const serial = request.headers.get('wechatpay-serial') ?? '';
  return {
    mchid,
    url: new URL(request.url),
    body,
    signer: serial.startsWith('PUB_KEY_ID_') ? 'publicKey' : 'certificate',
    serial,
    pathPart: decodePart(pathPart),
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RefusalError('PARAM_ERROR', '路径编码有误');
  }
}

function codeOf({ code = 'SYSTEM_ERROR' }: Fault) {
  return isRefusalCode(code) ? code : 'SYSTEM_ERROR';
}

function numberIn(body: string): string | undefined {
  const find = (name: string) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,64})"`).exec(body)?.[1];
  return find('out_refund_no') ?? find('out_trade_no');
}

/** Signs a good answer; a `mutated` fault malforms it before, or spoils it after it was signed. */
function signedResponse(
  { world, keys }: HandlerDeps,
  { json }: OperationAnswer,
  signer: SignerKind,
  fault: Fault | undefined,
): Response {
  const plain = json === undefined ? '' : JSON.stringify(json);
  const malform = malformedBy(fault);
  const text = malform ? malform(plain) : plain;
  const isForged = fault?.kind === 'forged';
  const headers = signedHeaders(world, keys, text, { signer, isForged });
  const isSpoilt = fault?.kind === 'mutated' && !malform;
  const requestId = requestIdOf(world, '0');
  if (json === undefined) {
    // A body that is empty cannot be spoilt: its Request-ID is.
    const sentId = isSpoilt ? 'changed' : requestId;
    return new Response(null, { status: 204, headers: { ...headers, 'Request-ID': sentId } });
  }
  const sent = isSpoilt ? `${text} ` : text;
  return new Response(sent, { status: 200, headers: { ...headers, 'Request-ID': requestId } });
}

function refusalResponse(world: World, refusal: RefusalError): Response {
  const { code, message, status, number, detail } = refusal;
  const body = { code, message, ...(detail === undefined ? {} : { detail }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', 'Request-ID': requestIdOf(world, number) },
  });
}

function fileResponse(world: World, bytes: Buffer): Response {
  const headers = { 'Content-Type': 'text/plain', 'Request-ID': requestIdOf(world, '0') };
  return new Response(new Uint8Array(bytes), { status: 200, headers });
}

function requestIdOf({ randomBytes }: World, number: string): string {
  return `08${randomBytes(12).toString('hex').toUpperCase()}-${number}`;
}
