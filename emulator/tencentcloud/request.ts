import type { HttpRequest } from '../world/wire/http.ts';
import type { Action, ActionDeps } from './action.ts';
import { missingParameter, refuse } from './errors.ts';
import { ROUTES } from './routes.ts';
import { isObject, type Params } from './wire/params.ts';
import { serviceOf, verifySignature } from './wire/signature.ts';

/** Source: tencentcloud-sdk-nodejs, for TC3-HMAC-SHA256. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** One request, taken apart and known to be genuine. */
export interface ApiRequest {
  /** As faults and the timeline know it: `scf.CreateFunction`. */
  operation: string;
  name: string;
  action: Action;
  params: Params;
  /** A function, a table, a domain; empty for a whole environment. */
  subject: string;
}

/**
 * Takes a request apart: size, signature, service, version, action, region, parameters and the
 * environment, in this order; refuses with the common codes of the API.
 */
export async function readRequest(
  { world, options }: ActionDeps,
  request: HttpRequest,
): Promise<ApiRequest> {
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length > BODY_BYTES_MAX) {
    throw refuse('RequestSizeLimitExceeded', '请求体超过 10 MB (the body is larger than 10 MB)');
  }
  verifySignature(request, body, options.credentials, world.clock);
  const { name, operation, action, admit } = actionOf(request);
  const region = request.headers.get('x-tc-region');
  if (!region) throw missingParameter('X-TC-Region');
  if (region !== options.region) {
    throw refuse(
      'UnsupportedRegion',
      `地域应为 ${options.region}，不是 ${region} (the region is ${options.region})`,
    );
  }
  const params = paramsOf(body);
  if (!action.anywhere) admit(params, options);
  return { operation, name, action, params, subject: subjectOf(params) };
}

function actionOf(request: HttpRequest) {
  const name = request.headers.get('x-tc-action') ?? '';
  const service = ROUTES.get(serviceOf(request));
  const version = request.headers.get('x-tc-version');
  const known = service && Object.hasOwn(service.actions, name);
  const action = known ? service.actions[name] : undefined;
  if (service && service.version !== version) {
    throw refuse('NoSuchVersion', `接口版本应为 ${service.version} (the version of this service)`);
  }
  if (!service || !action) {
    const operation = `${serviceOf(request)}.${name}`;
    throw refuse('InvalidAction', `本地云没有接口 ${operation} (there is no such action here)`);
  }
  return { name, operation: `${serviceOf(request)}.${name}`, action, admit: service.admit };
}

function paramsOf(body: Buffer): Params {
  try {
    const params: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(params)) return params;
  } catch {
    // Not JSON: refused below like JSON that is no object.
  }
  throw refuse('InvalidParameter', '请求体应为 JSON 对象 (the body must be a JSON object)');
}

/** Names what a call is about: the first of these that it has. */
function subjectOf(params: Params): string {
  const domain = isObject(params.Domain) ? params.Domain.Domain : params.Domain;
  const named = ['FunctionName', 'TableName', 'CollectionName', 'ResourceType', 'ObjectPath'];
  const values = [...named.map((name) => params[name]), domain];
  return String(values.find((value) => typeof value === 'string') ?? '');
}
