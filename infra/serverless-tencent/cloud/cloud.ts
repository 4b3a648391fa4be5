import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import { Client as TcbClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tcb/v20180608/tcb_client.js';
import { type Access, clientConfig } from './access.ts';
import { CloudError } from './cloudError.ts';

/** The actions that the plugin uses; every other one of the SDK is out of reach. */
type ScfAction =
  | 'CreateFunction'
  | 'UpdateFunctionCode'
  | 'UpdateFunctionConfiguration'
  | 'GetFunction'
  | 'ListFunctions'
  | 'DeleteFunction'
  | 'DeleteFunctionVersion'
  | 'PublishVersion'
  | 'ListVersionByFunction'
  | 'GetAlias'
  | 'UpdateAlias'
  | 'CreateTrigger'
  | 'UpdateTrigger'
  | 'DeleteTrigger'
  | 'ListTriggers'
  | 'InvokeFunction';
type TcbAction =
  | 'DescribeEnvs'
  | 'DescribeHTTPServiceRoute'
  | 'CreateHTTPServiceRoute'
  | 'ModifyHTTPServiceRoute'
  | 'DeleteHTTPServiceRoute'
  | 'ListTables'
  | 'CreateTable'
  | 'DescribeTable'
  | 'UpdateTable'
  | 'DeleteTable'
  | 'DescribeDatabaseACL'
  | 'ModifyDatabaseACL'
  | 'DescribeResourcePermission'
  | 'ModifyResourcePermission'
  | 'SearchClsLog';

type RequestOf<C, A extends keyof C> = C[A] extends (request: infer R) => unknown ? R : never;
type ResponseOf<C, A extends keyof C> = C[A] extends (...args: never[]) => Promise<infer T>
  ? T
  : never;

/**
 * Tencent Cloud as the plugin sees it: every call goes out here, is repeated here, and fails here.
 */
export interface Cloud {
  scf<A extends ScfAction>(
    action: A,
    request: RequestOf<ScfClient, A>,
  ): Promise<ResponseOf<ScfClient, A>>;
  tcb<A extends TcbAction>(
    action: A,
    request: RequestOf<TcbClient, A>,
  ): Promise<ResponseOf<TcbClient, A>>;
  /** Calls an scf action that the SDK has no type for. */
  callScf(action: string, request: object): Promise<Record<string, unknown>>;
  wait: Wait;
  access: Access;
}

/** Waits so many milliseconds. */
export type Wait = (ms: number) => Promise<unknown>;

const TIMEOUT_S = 30;
const ATTEMPTS_MAX = 8;
const BACKOFF_MAX_MS = 5000;

/** Opens the cloud; nothing is sent yet. */
export function openCloud(access: Access, wait: Wait): Cloud {
  const scf = new ScfClient(clientConfig(access, 'scf', TIMEOUT_S));
  const tcb = new TcbClient(clientConfig(access, 'tcb', TIMEOUT_S));
  const { profile, ...config } = clientConfig(access, 'scf', TIMEOUT_S);
  const endpoint = profile?.httpProfile?.endpoint ?? 'scf.tencentcloudapi.com';
  const common = new CommonClient(endpoint, '2018-04-16', {
    ...config,
    ...(profile && { profile }),
  });
  const send = (service: string, client: object, action: string, request: object) => {
    const method = (client as Record<string, (request: object) => Promise<unknown>>)[action];
    return sendWithRetry(`${service}.${action}`, () => method?.call(client, request), wait);
  };
  return {
    scf: (action, request) => send('scf', scf, action, request as object) as never,
    tcb: (action, request) => send('tcb', tcb, action, request as object) as never,
    callScf: (action, request) =>
      sendWithRetry(`scf.${action}`, () => common.request(action, request), wait) as never,
    wait,
    access,
  };
}

/** Repeats a throttled call, since it took no effect, and a read whose connection broke. */
async function sendWithRetry(action: string, send: () => unknown, wait: Wait): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (thrown) {
      const error = new CloudError(action, failureOf(thrown));
      const mayRetry =
        isThrottled(error) || (isRead(action) && error.retry === 'query_first' && !isGone(error));
      if (!mayRetry || attempt >= ATTEMPTS_MAX) throw error;
      await wait(backoffMs(attempt));
    }
  }
}

/** Tells how long to wait before the next attempt: 50 ms, doubled each time, at most 5 s. */
export function backoffMs(attempt: number): number {
  return Math.min(BACKOFF_MAX_MS, 25 * 2 ** attempt);
}

function isRead(action: string): boolean {
  return /\.(Get|List|Describe|Search)/.test(action);
}

function isThrottled({ code }: CloudError): boolean {
  return code.startsWith('RequestLimitExceeded') || code === 'LimitExceeded.Request';
}

function isGone({ code }: CloudError): boolean {
  return code.startsWith('Resource');
}

/** Reads an error of the SDK: its own have a `code`, those of its HTTP client a message alone. */
function failureOf(thrown: unknown): { code: string; message: string; requestId?: string } {
  const { code, httpCode, message, requestId } = thrown as Record<string, unknown>;
  const text = String(message ?? thrown);
  const [connectionCode] = /\bE(?:CONN|TIMEDOUT|NOTFOUND|PIPE|HOST|NET|AI_)\w*/.exec(text) ?? [];
  const status = httpCode ? `HTTP_${String(httpCode)}` : undefined;
  return {
    code:
      typeof code === 'string' && code !== '' ? code : (connectionCode ?? status ?? 'NetworkError'),
    message: text,
    ...(typeof requestId === 'string' && requestId !== '' ? { requestId } : {}),
  };
}
