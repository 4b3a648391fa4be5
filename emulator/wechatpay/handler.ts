import type { Fault } from '../world/faults.ts';
import { headersSent } from '../world/timeline/causes.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { isRefusalCode, RefusalError } from './errors.ts';
import { mayFollowActing } from './faults.ts';
import { verifiedMerchant } from './keys/authorization.ts';
import type { KeyRing } from './keys/keyRing.ts';
import { asProbe, signedHeaders } from './keys/signature.ts';
import type { Route } from './routes.ts';
import { bareResponse, bareStatusOf } from './wire/bareAnswers.ts';
import { answeredOf, answerUnderFault } from './wire/exchange.ts';
import { malformedBy } from './wire/malformedBodies.ts';
import type { OperationAnswer, OperationRequest, SignerKind } from './wire/operation.ts';
import { checkParameters } from './wire/parameters.ts';
import type { WeChatSwitches } from './wire/switches.ts';
import { createThrottle } from './wire/throttle.ts';

/** Lists what the handler of APIv3 needs. */
export interface HandlerDeps {
  world: World;
  keys: KeyRing;
  routes: readonly Route[];
  latencyMs: number;
  /** Requests a second that are let in; undefined: all. */
  ratePerSecond: number | undefined;
  switches(): WeChatSwitches;
}

/** WeChat probes now and then whether answers are verified: with the switch on, every fifth one. */
const PROBE_EVERY = 5;

/** Makes the handler of APIv3: signature verified on the way in, answers signed on the way out. */
export function createHandler(deps: HandlerDeps): (request: HttpRequest) => Promise<Response> {
  const { world, routes, latencyMs, ratePerSecond } = deps;
  const throttle = createThrottle(world, ratePerSecond);
  let signedCount = 0;
  const isProbe = () => {
    signedCount += 1;
    return deps.switches().answerProbes && signedCount % PROBE_EVERY === 0;
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    const onPath = routes.filter(({ path }) => path.test(pathname));
    const route = onPath.find(({ method }) => method === request.method);
    // Neither is WeChat Pay's own refusal: nothing reads the signature, the body is empty. Source: `v3 answers`.
    if (!route) return bareResponse(onPath.length === 0 ? 404 : 405);
    const pathPart = route.path.exec(pathname)?.[1];
    return answerUnderFault(world, { operation: route.operation, latencyMs }, (fault) => {
      const arrived = { request, body, route, pathPart, fault, throttle, isProbe };
      const answer = answerTo(deps, arrived);
      const subject = pathPart ?? numberIn(body);
      const exchange = async () => ({
        sent: sentOf(request, body),
        answered: await answeredOf(answer),
      });
      return { answer, subject, detail: { status: answer.status }, exchange };
    });
  };
}

/** A request as it came, for the timeline. */
function sentOf({ method, url, headers }: HttpRequest, body: string) {
  const { pathname, search } = new URL(url);
  return {
    line: `${method} ${pathname}${search}`,
    headers: Object.fromEntries(headersSent(headers)),
    body,
  };
}

/** A request that arrived, and all that decides how it is answered. */
interface Arrived {
  request: HttpRequest;
  body: string;
  route: Route;
  /** The part of the path that names the thing asked for, not decoded yet. */
  pathPart: string | undefined;
  fault: Fault | undefined;
  throttle(): void;
  /** Counts signed answers; tells whether this one is a signature probe. */
  isProbe(): boolean;
}

function answerTo(deps: HandlerDeps, arrived: Arrived): Response {
  const { world, keys } = deps;
  const { request, body, route, fault, throttle } = arrived;
  try {
    const mchid = verifiedMerchant(request, body, keys, world.clock);
    if (fault?.kind === 'throttled') throw new RefusalError('FREQUENCY_LIMITED');
    if (fault?.kind === 'error') return faultResponse(world, fault, request);
    throttle();
    const operation = operationRequest(mchid, arrived);
    checkParameters(route, operation);
    const answer = route.run(operation);
    if (fault?.kind === 'error_after') return faultResponse(world, fault, request);
    if (Buffer.isBuffer(answer)) return fileResponse(world, answer);
    return signedResponse(deps, answer, operation.signer, arrived);
  } catch (error) {
    if (error instanceof RefusalError) return refusalResponse(world, error, request);
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

/** Answers with the code of a fault, whether the request took effect before or not. */
function faultResponse(world: World, fault: Fault, request: HttpRequest): Response {
  const { code = 'SYSTEM_ERROR', kind, at } = fault;
  if (kind === 'error_after' && !mayFollowActing(code))
    throw new Error(`${at}: ${code} 表示未受理 (${code} means that nothing was done)`);
  const bareStatus = bareStatusOf(code);
  if (bareStatus !== undefined) return bareResponse(bareStatus);
  if (isRefusalCode(code)) return refusalResponse(world, new RefusalError(code), request);
  throw new Error(`${at}: ${code} 不是 APIv3 的错误码 (no code of APIv3)`);
}

function numberIn(body: string): string | undefined {
  const find = (name: string) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,64})"`).exec(body)?.[1];
  return find('out_refund_no') ?? find('out_trade_no');
}

/**
 * Signs a good answer; a `mutated` fault malforms it before, or spoils it after it was signed. A signature
 * probe carries the true answer under a signature that is wrong on purpose. Source: `D4013053249`.
 */
function signedResponse(
  { world, keys }: HandlerDeps,
  { json }: OperationAnswer,
  signer: SignerKind,
  { fault, isProbe }: Pick<Arrived, 'fault' | 'isProbe'>,
): Response {
  const plain = json === undefined ? '' : JSON.stringify(json);
  const malform = malformedBy(fault);
  const text = malform ? malform(plain) : plain;
  const isForged = fault?.kind === 'forged';
  const signed = signedHeaders(world, keys, text, { signer, isForged });
  const headers = isProbe() || fault?.kind === 'probe' ? asProbe(signed) : signed;
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

/** Prints a refusal. What a 404 leaves out is an empty list, and a 401 of orders has no Request-ID. Source: `v3 answers`. */
function refusalResponse(world: World, refusal: RefusalError, { url }: HttpRequest): Response {
  const { code, message, status, number, detail = status === 404 ? [] : undefined } = refusal;
  const headers = { 'Content-Type': 'application/json' };
  const isNameless = status === 401 && new URL(url).pathname.startsWith('/v3/pay/transactions/');
  return new Response(JSON.stringify({ code, message, detail }), {
    status,
    headers: isNameless ? headers : { ...headers, 'Request-ID': requestIdOf(world, number) },
  });
}

function fileResponse(world: World, bytes: Buffer): Response {
  const headers = { 'Content-Type': 'text/plain', 'Request-ID': requestIdOf(world, '0') };
  return new Response(new Uint8Array(bytes), { status: 200, headers });
}

function requestIdOf({ randomBytes }: World, number: string): string {
  return `08${randomBytes(12).toString('hex').toUpperCase()}-${number}`;
}
