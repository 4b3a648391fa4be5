import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildFunctions, bundleOf } from '../infra/build/build.ts';
import { type Project, readProject } from '../infra/project.ts';
import { resources } from '../infra/resources.ts';
import { type CloudBase, createCloudBase } from './cloudbase/cloudbase.ts';
import { createControl } from './control/control.ts';
import { servePage } from './control/page.ts';
import { environmentOf, settingsOf } from './environment.ts';
import { lockData } from './lock.ts';
import { createRunner, type Runner } from './runner/runner.ts';
import { type Listening, listen } from './server.ts';
import { createWeChatPay, type MerchantFacts, type WeChatPay } from './wechatpay/wechatpay.ts';
import { openWorld, type World } from './world/world.ts';

/** How a local cloud is started. */
export interface LocalCloudOptions {
  /** The project's folder. */
  root: string;
  /** 0: any free one. */
  port: number;
  /** The data file. */
  file: string;
  /** Settings of the caller; `WXPAY_…` reach the functions, `LOCAL_…` the local cloud. */
  env: Readonly<Record<string, string | undefined>>;
  /** Builds the functions first; otherwise `dist` is taken as it is. */
  build: boolean;
  /** Begins empty, whatever the data file holds. */
  fresh?: boolean;
}

/** A local cloud that runs. */
export interface LocalCloud {
  url: string;
  notifyUrl: string;
  /** What a process outside needs, to use the cloud with the real SDKs. */
  environment(): Record<string, string>;
  world: World;
  wechat: WeChatPay;
  cloudbase: CloudBase;
  runner: Runner;
  close(): Promise<void>;
}

const ENV_ID = 'local-env';
const APPID = 'wx1234567890abcdef';
const MCHID = '1900000109';
const TICK_MS = 200;

/** Starts the local cloud: CloudBase, WeChat Pay, functions, timers and the page on one port. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const project = await readProject(options.root);
  if (options.build) await buildFunctions(options.root);
  // The doors need the address, which is known once the port is bound; and a port that is taken must
  // not cost the data of the cloud that has it.
  let door: (request: Request) => Promise<Response> = async () =>
    new Response(null, { status: 503 });
  const server = await listen((request) => door(request), options.port);
  const { world, unlock } = await openOrClose(server, async () => ({
    unlock: await lockData(options.file),
    world: openWorld({
      file: options.file,
      fresh: options.fresh ?? false,
      realMs: Date.now,
      waitMs: (ms) => (ms > 0 ? wait(ms, undefined, { ref: false }) : Promise.resolve()),
      randomBytes,
      chance: Math.random,
    }),
  }));
  const parts = await connect(world, project, options, server.port);
  door = parts.door;
  const ticker = setInterval(() => {
    world.agenda.runDue().catch((error: unknown) => {
      world.timeline.add({ what: 'agenda.failed', detail: { error: String(error) } });
    });
  }, TICK_MS);
  return {
    ...parts.cloud,
    close: async () => {
      clearInterval(ticker);
      await server.close();
      await parts.cloud.runner.close();
      world.data.close();
      await unlock();
    },
  };
}

/** Opens the world, or lets the port go again. */
async function openOrClose<T>(server: Listening, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function connect(world: World, project: Project, options: LocalCloudOptions, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const host = `${ENV_ID}.${project.region}.app.tcloudbase.com`;
  const notifyUrl = `https://${host}/pay/notify`;
  const secrets = secretsOf(world);
  const { secretId, secretKey, token } = secrets;
  const runner = createRunner(world, {
    envId: ENV_ID,
    appid: APPID,
    region: project.region,
    credentials: () => ({ secretId, secretKey, token }),
    adminUrl: `${url}/admin`,
  });
  const wechat = createWeChatPay(world, {
    mchid: MCHID,
    appid: APPID,
    magicAmounts: options.env.LOCAL_MAGIC_AMOUNTS === '1',
    ...numberIn(options.env, 'LOCAL_WECHAT_LATENCY_MS', 'latencyMs'),
    ...numberIn(options.env, 'LOCAL_WECHAT_RATE_PER_SECOND', 'ratePerSecond'),
    deliver: ({ url: to, headers, body }) => deliver(runner, host, { to, headers, body }),
  });
  const cloudbase = createCloudBase(world, {
    envId: ENV_ID,
    ...numberIn(options.env, 'LOCAL_DATABASE_LATENCY_MS', 'latencyMs'),
    credentials: (id) => (id === secretId ? { secretKey, token } : undefined),
    invoke: ({ name, data, source }) => callFromCloud(runner, name, data, source),
  });
  for (const [name, { indexes }] of Object.entries(resources.collections)) {
    cloudbase.createCollection(name, indexes);
  }
  const deployment = { url, notifyUrl, serviceKey: secrets.serviceKey, project, options };
  let deployed = deploy(runner, wechat.merchant(), deployment);
  const control = createControl({
    ...{ world, runner, wechat, cloudbase },
    ...{ url, envId: ENV_ID, appid: APPID, notifyUrl, serviceKey: secrets.serviceKey },
    reconfigure: (merchant) => {
      deployed = deploy(runner, merchant as MerchantFacts, deployment);
    },
  });
  const sdk = sdkEnvironment(url, project.region, secrets);
  const environment = () => ({ ...deployed, ...sdk });
  const door = doorOf({ cloudbase, wechat, runner, control });
  return { door, cloud: { url, notifyUrl, environment, world, wechat, cloudbase, runner } };
}

/** The variables that redirect unmodified SDKs to the local cloud. */
function sdkEnvironment(url: string, region: string, secrets: ReturnType<typeof secretsOf>) {
  return {
    LOCAL_URL: url,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${url}/admin` }),
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: region,
    SCF_NAMESPACE: ENV_ID,
    TCB_ENV: ENV_ID,
    TENCENTCLOUD_SECRETID: secrets.secretId,
    TENCENTCLOUD_SECRETKEY: secrets.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: secrets.token,
  };
}

interface Deployment {
  url: string;
  notifyUrl: string;
  serviceKey: string;
  project: Project;
  options: LocalCloudOptions;
}

/** Loads every function with its settings; answers all settings. */
function deploy(
  runner: Runner,
  merchant: MerchantFacts,
  { url, notifyUrl, serviceKey, project, options }: Deployment,
): Record<string, string> {
  const local = { apiUrl: url, notifyUrl, serviceKey, given: options.env };
  const settings = settingsOf(merchant, local);
  runner.load(
    project.functions.map((described) => ({
      ...described,
      file: bundleOf(join(options.root, 'dist'), described.name),
      environment: environmentOf(described.name, settings),
    })),
  );
  return settings;
}

/** A setting that is a number, under the name that a part knows it by; nothing where it is not set. */
function numberIn<K extends string>(
  env: LocalCloudOptions['env'],
  key: string,
  name: K,
): { [P in K]?: number } {
  const text = env[key];
  if (text === undefined || text === '') return {};
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`${key}=${text}: 应为数字 (a number is expected)`);
  return { [name]: value } as { [P in K]?: number };
}

/** Keys of this local cloud: drawn once, kept in its data file. */
function secretsOf({ data }: World) {
  const table = data.table<string>('secrets');
  const secret = (name: string) => {
    const kept = table.get(name) ?? randomBytes(24).toString('hex');
    table.put(name, kept);
    return kept;
  };
  return {
    secretId: `AKIDlocal${secret('secretId').slice(0, 16)}`,
    secretKey: secret('secretKey'),
    token: secret('token'),
    serviceKey: secret('serviceKey'),
  };
}

/** Brings a notice to the address that WeChat was told, if it is ours; nothing leaves the machine. */
async function deliver(
  runner: Runner,
  host: string,
  { to, headers, body }: { to: string; headers: Record<string, string>; body: string },
) {
  const url = new URL(to);
  if (url.host !== host) return 'unreachable' as const;
  const answer = await runner.http(new Request(to, { method: 'POST', headers, body }));
  return answer ? { status: answer.status } : ('unreachable' as const);
}

async function callFromCloud(runner: Runner, name: string, data: unknown, source: string) {
  const { result, error } = await runner.invoke(name, data, { kind: 'function', chain: source });
  return error ? { error } : { result };
}

type Doors = Pick<LocalCloud, 'cloudbase' | 'wechat' | 'runner'> & {
  control(request: Request): Promise<Response>;
};

/** One port for all: who answers is decided by the path. */
function doorOf({ cloudbase, wechat, runner, control }: Doors) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/admin') return cloudbase.handle(request);
    if (pathname.startsWith('/v3/')) return wechat.handle(request);
    if (pathname.startsWith('/_local/')) return control(request);
    const answer = (await servePage(pathname)) ?? (await runner.http(request));
    return (
      answer ??
      new Response(`没有 ${pathname} (nothing here); see / and /_local/openapi.json\n`, {
        status: 404,
      })
    );
  };
}
