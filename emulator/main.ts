import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CloudBase, createCloudBase } from './cloudbase/cloudbase.ts';
import { createHandler } from './control/handler.ts';
import { servePage } from './control/page.ts';
import { createCallFunction, createDeliver } from './delivery.ts';
import {
  callerEnvironment,
  deployEnvironment,
  merchantSettings,
  sdkEnvironment,
  settingsOf,
} from './environment.ts';
import { databaseOf, deployedRunner, invokeVersion, logsOf } from './functions.ts';
import { lockData } from './lock.ts';
import { failures } from './runner/invocation.ts';
import { createRunner, type Runner } from './runner/runner.ts';
import { type Listening, listen } from './server.ts';
import { createTencentCloud, type TencentCloud } from './tencentcloud/tencentcloud.ts';
import type { MerchantFacts } from './wechatpay/merchantFacts.ts';
import { createWeChatPay, type WeChatPay } from './wechatpay/wechatpay.ts';
import { newRsaKey } from './world/rsaKey.ts';
import { openWorld, type World } from './world/world.ts';

/** How a local cloud is started. */
export interface LocalCloudOptions {
  /** 0: any free one. */
  port: number;
  /** The data file; what is deployed is unpacked beside it. */
  file: string;
  /** Settings of the caller; `WXPAY_…` reach the functions, `LOCAL_…` the local cloud. */
  env: Readonly<Record<string, string | undefined>>;
  /** Begins empty, whatever the data file holds. */
  fresh?: boolean;
  /** Makes the keys of merchants and of WeChat Pay; left out: new ones. */
  rsaKey?: () => string;
}

/** A local cloud that runs. What was deployed before is there again; on a new one nothing is. */
export interface LocalCloud {
  url: string;
  notifyUrl: string;
  /** What a process outside needs, to use the cloud with the real SDKs. */
  environment(): Record<string, string>;
  /** What `serverless deploy --stage local` needs beside. */
  deployEnvironment(): Record<string, string>;
  world: World;
  wechat: WeChatPay;
  cloudbase: CloudBase;
  tencentcloud: TencentCloud;
  runner: Runner;
  close(): Promise<void>;
}

const ENV_ID = 'local-env';
const APPID = 'wx1234567890abcdef';
const MCHID = '1900000109';
const REGION = 'ap-shanghai';
const TICK_MS = 200;

/** Starts the local cloud: Tencent Cloud, CloudBase, WeChat Pay, functions, timers, page, on one port. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
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
      rsaKey: options.rsaKey ?? newRsaKey,
      chance: Math.random,
    }),
  }));
  const parts = connect(world, options, server.port);
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

function connect(world: World, options: LocalCloudOptions, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const host = `${ENV_ID}.${REGION}.app.tcloudbase.com`;
  const notifyUrl = `https://${host}/pay/notify`;
  const secrets = secretsOf(world);
  const { load, ...platform } = platformOf(world, options, {
    ...{ url, host, secrets },
    pay: (call) => wechat.cloudPay(call),
  });
  const { runner, tencentcloud } = platform;
  const destinations = { runner, host, envId: ENV_ID };
  const wechat = createWeChatPay(world, {
    mchid: MCHID,
    appid: APPID,
    magicAmounts: options.env.LOCAL_MAGIC_AMOUNTS === '1',
    ...numberIn(options.env, 'LOCAL_WECHAT_LATENCY_MS', 'latencyMs'),
    ...numberIn(options.env, 'LOCAL_WECHAT_RATE_PER_SECOND', 'ratePerSecond'),
    refundNotifyUrl: `https://${host}/refund/notify`,
    ...{ deliver: createDeliver(destinations), callFunction: createCallFunction(destinations) },
  });
  const { serviceKey } = secrets;
  const local = { apiUrl: url, notifyUrl, serviceKey, given: options.env };
  const control = createHandler({
    ...{ world, wechat, cloudbase: platform.cloudbase },
    runner: options.env.LOCAL_FUNCTION_RULES === 'off' ? runner : guarded(runner, tencentcloud),
    ...{ url, envId: ENV_ID, appid: APPID, notifyUrl, serviceKey },
    reconfigure: (merchant, link) => {
      const settings = merchantSettings(merchant as MerchantFacts);
      load(link === undefined ? settings : { ...settings, WXPAY_LINK: link });
    },
  });
  const sdk = sdkEnvironment({ url, region: REGION, envId: ENV_ID, ...secrets });
  const settings = () => settingsOf(wechat.merchant(), local);
  const cloud = {
    ...{ url, notifyUrl, world, wechat, ...platform },
    environment: () => ({ ...settings(), ...sdk, ...callerEnvironment(APPID, runner.tokens.give) }),
    deployEnvironment: () => ({ ...deployEnvironment(settings()), ...sdk }),
  };
  return { door: doorOf(world, { ...platform, wechat, control }), cloud };
}

interface Place {
  url: string;
  host: string;
  secrets: ReturnType<typeof secretsOf>;
  /** WeChat Pay's door for CloudPay. */
  pay: WeChatPay['cloudPay'];
}

/** Tencent Cloud's side: its API, CloudBase, and the runner of what was deployed. */
function platformOf(world: World, options: LocalCloudOptions, { url, host, secrets, pay }: Place) {
  const { secretId, secretKey, token } = secrets;
  const { runner, load: loadDeployed } = deployedRunner(
    createRunner(world, {
      ...{ envId: ENV_ID, appid: APPID, region: REGION, adminUrl: `${url}/admin` },
      credentials: () => ({ secretId, secretKey, token }),
      switches: {
        devtoolsTimers: options.env.LOCAL_DEVTOOLS_TIMERS === '1',
        callbackTokens: options.env.LOCAL_CALLBACK_TOKENS === '1',
      },
    }),
  );
  const credentials = (id: string) => (id === secretId ? { secretKey, token } : undefined);
  const cloudbase = createCloudBase(world, {
    ...{ envId: ENV_ID, credentials },
    ...numberIn(options.env, 'LOCAL_DATABASE_LATENCY_MS', 'latencyMs'),
    invoke: ({ name, data, source }) => callFromCloud(runner, name, data, source),
    cloudPay: { holder: runner.tokens.holder, call: pay },
  });
  let changes: Record<string, string> = {};
  const load = (settings = changes) => {
    changes = settings;
    loadDeployed(tencentcloud.deployed(), settings);
  };
  const tencentcloud = createTencentCloud(world, {
    ...{ envId: ENV_ID, region: REGION, domain: host, credentials },
    codeFolder: join(dirname(options.file), 'functions'),
    database: databaseOf(cloudbase),
    invoke: invokeVersion(runner),
    logs: logsOf(world),
    changed: () => load(),
  });
  load();
  return { runner, cloudbase, tencentcloud, load };
}

/** The platform asks the environment's function rules before a client's call reaches a function. */
function guarded(runner: Runner, { clientMayInvoke }: TencentCloud): Runner {
  return {
    ...runner,
    invoke: async (name, event, invoker) => {
      if (invoker.kind !== 'client' || clientMayInvoke(name)) {
        return runner.invoke(name, event, invoker);
      }
      return { requestId: '', durationMs: 0, log: [], error: failures.notPermitted(name) };
    },
  };
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

async function callFromCloud(runner: Runner, name: string, data: unknown, source: string) {
  const { result, error } = await runner.invoke(name, data, { kind: 'function', chain: source });
  return error ? { error } : { result };
}

type Doors = Pick<LocalCloud, 'cloudbase' | 'wechat' | 'tencentcloud' | 'runner'> & {
  control(request: Request): Promise<Response>;
};

/** One port for all: who answers is decided by the path, the Tencent Cloud API by its headers. */
function doorOf(
  { requests, life }: World,
  { cloudbase, wechat, tencentcloud, runner, control }: Doors,
) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (tencentcloud.owns(request)) return tencentcloud.handle(request);
    if (pathname === '/admin') return requests.during(() => cloudbase.handle(request));
    if (pathname.startsWith('/v3/')) return requests.during(() => wechat.handle(request));
    // From outside: they wait for a reset to end, and then belong to the new life.
    await life.calm();
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
