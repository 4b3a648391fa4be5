import { randomUUID } from 'node:crypto';
import { type DeployedInstance, type Faults, openInstances } from './instances.ts';
import { type Keys, Refusal, verifySignature } from './signature.ts';
import { openStorage } from './storage.ts';
import { openTunnels, type TunnelAnswer, type TunnelRequest, type Tunnels } from './tunnels.ts';

/**
 * A local stand-in of Tencent's hosted Serverless application platform, reached as
 * `@serverless/components` reaches it: by its real host names, through a proxy. It checks every
 * signature.
 */
export interface ComponentsPlatform extends Pick<Tunnels, 'proxyUrl' | 'certificates' | 'close'> {
  /** The key pair of the account; with a `token`, all others are expired. */
  keys: Keys;
  faults: Faults;
  seen: Seen;
  /** Lists the deployed instances, by name. */
  deployed(): Map<string, DeployedInstance>;
}

/** The requests that the platform received. */
export interface Seen extends Pick<Tunnels, 'requested' | 'refused'> {
  verified: number;
  unverified: number;
  actions: string[];
  uploads: number;
  /** The requests that travelled without TLS. */
  unencrypted: string[];
}

const APP_ID = 1300000001;
const CAM = 'cam.tencentcloudapi.com';
const SLS = 'sls.tencentcloudapi.com';
const COS = `sls-cache-${APP_ID}.cos.ap-guangzhou.myqcloud.com`;
const BIND_ROLE = 'service-ocnymoks-1258344699.gz.apigw.tencentcs.com';
const versions: Record<string, string> = { [CAM]: '2019-01-16', [SLS]: '2020-02-05' };

/** Starts an empty platform with an account of its own. */
export async function startComponentsPlatform(): Promise<ComponentsPlatform> {
  const keys: Keys = { secretId: `AKID${randomUUID()}`, secretKey: randomUUID() };
  const faults: Faults = {
    failing: new Set<string>(),
    stuck: new Set<string>(),
    withoutRole: false,
    badGateway: false,
    polls: 1,
  };
  const counts = { verified: 0, unverified: 0, uploads: 0 };
  const actions: string[] = [];
  const unencrypted: string[] = [];
  const storage = openStorage(COS);
  const instances = openInstances(storage, keys, faults);

  const act = ({ method, host, url, body }: TunnelRequest): object => {
    const params = new URLSearchParams(body.toString());
    verifySignature({ method, host, path: url.pathname }, params, keys);
    const action = params.get('Action') ?? '';
    actions.push(action);
    if (params.get('Version') !== versions[host]) throw new Refusal('InvalidVersion', action);
    if (host === CAM && action === 'GetUserAppId') {
      return { AppId: APP_ID, OwnerUin: '100000000001', Uin: '100000000001' };
    }
    const run = host === SLS ? instances.actions[action] : undefined;
    if (!run) throw new Refusal('InvalidAction', `${action} at ${host}`);
    const answered = JSON.stringify(run(JSON.parse(params.get('Body') ?? '{}')));
    return { Body: JSON.stringify({ statusCode: 200, body: answered }) };
  };
  const answerApi = (request: TunnelRequest): TunnelAnswer => {
    const RequestId = randomUUID();
    try {
      const Response = { ...act(request), RequestId };
      counts.verified += 1;
      return { status: 200, body: JSON.stringify({ Response }) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      counts[error.code.startsWith('AuthFailure') ? 'unverified' : 'verified'] += 1;
      const Response = { Error: { Code: error.code, Message: error.message }, RequestId };
      return { status: 200, body: JSON.stringify({ Response }) };
    }
  };
  const answerStorage = ({ method, url, body }: TunnelRequest): TunnelAnswer => {
    const answer = storage.answer(method, url, body);
    counts[answer.status === 403 ? 'unverified' : 'verified'] += 1;
    if (method === 'PUT' && answer.status === 200) counts.uploads += 1;
    return answer;
  };
  const answerBindRole = ({ url, body }: TunnelRequest): TunnelAnswer => {
    unencrypted.push(`${url.pathname} ${body}`);
    return faults.badGateway
      ? { status: 502, body: '<html>502 Bad Gateway</html>' }
      : { status: 200, body: JSON.stringify({ message: {}, error: null }) };
  };

  const tunnels = await openTunnels(
    {
      hosts: [CAM, SLS, COS],
      answer: (request) => (request.host === COS ? answerStorage(request) : answerApi(request)),
    },
    { hosts: [BIND_ROLE], answer: answerBindRole },
  );
  return {
    ...tunnels,
    keys,
    faults,
    deployed: instances.deployed,
    seen: Object.assign(counts, {
      actions,
      unencrypted,
      requested: tunnels.requested,
      refused: tunnels.refused,
    }),
  };
}
