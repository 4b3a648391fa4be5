import { dirname, join } from 'node:path';
import { type CloudBase, createCloudBase } from './cloudbase/cloudbase.ts';
import { createConsole } from './console/host/service.ts';
import { composeControl } from './controls/controls.ts';
import { createCallFunction, createDeliver } from './delivery.ts';
import { withDemoGoods } from './demoGoods.ts';
import { remoteUrls } from './entry/addresses.ts';
import { createEntryHandler } from './entry/entryHandler.ts';
import {
  callerEnvironment,
  deployEnvironment,
  numberSetting,
  platformSwitches,
  sdkEnvironment,
  settingsOf,
  weChatSwitches,
} from './environment.ts';
import {
  databaseOf,
  deployedRunner,
  invokeFromCloud,
  invokeFromHttpApi,
  invokeVersion,
  logsOf,
} from './functions.ts';
import { createHttpApi } from './httpApi/httpApi.ts';
import { openOrClose, openStoredWorld } from './opening.ts';
import { createRunner, type Runner } from './runner/runner.ts';
import { credentialsOf, openSecrets, type Secrets } from './secrets.ts';
import { type OpenPort, openPort } from './server.ts';
import { afterReset, serve, withCount } from './services.ts';
import { createShowSource } from './sourcePlaces.ts';
import { lockData } from './start/lock.ts';
import { createDeployProgress, type DeployProgress } from './start/progress.ts';
import { createTencentCloud, type TencentCloud } from './tencentcloud/tencentcloud.ts';
import { createWeChatPay, type WeChatPay } from './wechatpay/wechatpay.ts';
import type { Service } from './world/service.ts';
import type { World } from './world/world.ts';

/** A local cloud is started with these. */
export interface LocalCloudOptions {
  /** 0: any free one. */
  port: number;
  /** An address beside the loopback one at which others reach it, or every one; left out: none. */
  host?: string;
  /** Lets the pages of mini programs in WeChat DevTools in. */
  devtools?: boolean;
  /** The data file; what is deployed is unpacked beside it. */
  file: string;
  /** Settings of the caller; `WXPAY_…` reach the functions, `LOCAL_…` the local cloud. */
  env: Readonly<Record<string, string | undefined>>;
  /** The project that is deployed: what its functions print has the places of their source. */
  root?: string;
  /** Begins empty, whatever the data file holds. */
  fresh?: boolean;
  /** Runs before a fresh start forgets anything, once port and data are taken; it may throw. */
  beforeForgetting?(): Promise<void>;
  /** Makes the keys of merchants and of WeChat Pay; left out: new ones. */
  rsaKey?: () => string;
}

/** A local cloud that runs. What was deployed before is there again; on a new one nothing is. */
export interface LocalCloud {
  url: string;
  notifyUrl: string;
  /** The API Key of its HTTP API. */
  apiKey: string;
  /** Lists the addresses by which other devices reach it, with the token. */
  remoteUrls: string[];
  /** Lists what a process outside needs, to use the cloud with the real SDKs. */
  environment(): Record<string, string>;
  /** Lists what `serverless deploy --stage local` needs beside. */
  deployEnvironment(): Record<string, string>;
  world: World;
  wechat: WeChatPay;
  cloudbase: CloudBase;
  tencentcloud: TencentCloud;
  runner: Runner;
  /** Told by whoever deploys, shown by the page. */
  deployProgress: DeployProgress;
  close(): Promise<void>;
}

/** The name of the one environment of a local cloud. */
export const ENV_ID = 'local-env';
const APPID = 'wx1234567890abcdef';
const MCHID = '1900000109';
const REGION = 'ap-shanghai';
const HOST = `${ENV_ID}.${REGION}.app.tcloudbase.com`;
const NOTIFY_URL = `https://${HOST}/pay/notify`;
const REFUND_NOTIFY_URL = `https://${HOST}/refund/notify`;
const TICK_MS = 200;

/**
 * Starts the local cloud: Tencent Cloud, CloudBase, WeChat Pay, functions, timers, page, on one
 * port.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  // First of all: a port that is taken must not cost the data of the cloud that has it.
  const port = await openPort(options.port, options.host);
  const url = `http://127.0.0.1:${port.port}`;
  const unlock = await openOrClose(port.close, () =>
    lockData(options.file, { pid: process.pid, url }),
  );
  const world = await openOrClose(
    () => Promise.all([port.close(), unlock()]),
    () => openStoredWorld(options),
  );
  const secrets = openSecrets(world);
  const { services, ...cloud } = compose({ world, options, url, secrets, cut: port.cut });
  const { entryToken: token } = secrets;
  const { devtools = false } = options;
  port.serve(createEntryHandler(serve(services, world.causes), { url, token, devtools }));
  const ticker = setInterval(() => {
    world.agenda.runDue().catch((error: unknown) => {
      world.timeline.add({ what: 'agenda.failed', detail: { error: String(error) } });
    });
  }, TICK_MS);
  return {
    ...cloud,
    remoteUrls: remoteUrls(options.host, { port: port.port, token }),
    close: async () => {
      clearInterval(ticker);
      await port.close();
      await cloud.runner.close();
      world.data.close();
      await unlock();
    },
  };
}

/** A composition needs these: one world, its options, and where and by which keys it is reached. */
interface ComposeDeps {
  world: World;
  options: LocalCloudOptions;
  url: string;
  secrets: Secrets;
  cut: OpenPort['cut'];
}

/** A local cloud but for its port, with the services in the order in which they are asked. */
interface Composition extends Omit<LocalCloud, 'close' | 'remoteUrls'> {
  services: readonly Service[];
}

/** Puts the parts together; each stands on those before it, and none knows another. */
function compose(deps: ComposeDeps): Composition {
  const { world, options, url, secrets } = deps;
  const deployed = deployedRunner(composeRunner(deps));
  const { runner } = deployed;
  const wechat = composeWeChatPay(deps, runner);
  const cloudbase = composeCloudBase(deps, runner, wechat);
  const tencentcloud = createTencentCloud(world, {
    envId: ENV_ID,
    region: REGION,
    domain: HOST,
    credentials: credentialsOf(secrets),
    codeFolder: join(dirname(options.file), 'functions'),
    database: databaseOf(cloudbase),
    invoke: invokeVersion(runner),
    logs: logsOf(world),
    changed: (versions) => deployed.load(versions()),
  });
  deployed.load(tencentcloud.deployed());
  const deployProgress = createDeployProgress(world.timeline);
  const parts = { world, wechat, cloudbase, tencentcloud, runner, deployProgress };
  const environments = environmentsOf(deps, parts);
  const control = composeControl({
    ...deps,
    ...parts,
    ...environments,
    names: { envId: ENV_ID, appid: APPID, notifyUrl: NOTIFY_URL },
    configure: deployed.configure,
  });
  return {
    ...parts,
    ...environments,
    url,
    notifyUrl: NOTIFY_URL,
    apiKey: secrets.apiKey,
    services: [
      tencentcloud,
      withCount(cloudbase, world),
      withCount(wechat, world),
      afterReset(control, world),
      createConsole(),
      afterReset(composeHttpApi(deps, runner), world),
      afterReset(runner, world),
    ],
  };
}

function composeRunner({ world, options, url, secrets, cut }: ComposeDeps): Runner {
  return createRunner(world, {
    envId: ENV_ID,
    appid: APPID,
    region: REGION,
    adminUrl: `${url}/admin`,
    credentials: () => secrets,
    switches: platformSwitches(options.env),
    heldTimers: options.env.LOCAL_TIMERS === 'held',
    cutConnections: cut,
    ...(options.root !== undefined && { showSource: createShowSource(options.root) }),
  });
}

function composeHttpApi({ world, secrets }: ComposeDeps, runner: Runner): Service {
  return createHttpApi(world, {
    apiKey: secrets.apiKey,
    bodyLimit: () => runner.tokens.switches().httpApiBody,
    invoke: invokeFromHttpApi(runner),
  });
}

function composeWeChatPay({ world, options }: ComposeDeps, runner: Runner): WeChatPay {
  const destinations = { runner, host: HOST, envId: ENV_ID };
  return createWeChatPay(world, {
    mchid: MCHID,
    appid: APPID,
    magicAmounts: options.env.LOCAL_MAGIC_AMOUNTS === '1',
    ...numberSetting(options.env, 'LOCAL_WECHAT_LATENCY_MS', 'latencyMs'),
    ...numberSetting(options.env, 'LOCAL_WECHAT_RATE_PER_SECOND', 'ratePerSecond'),
    switches: weChatSwitches(options.env),
    refundNotifyUrl: REFUND_NOTIFY_URL,
    deliver: createDeliver(destinations),
    callFunction: createCallFunction(destinations),
  });
}

function composeCloudBase(deps: ComposeDeps, runner: Runner, wechat: WeChatPay): CloudBase {
  const { world, options, secrets } = deps;
  const cloudbase = createCloudBase(world, {
    envId: ENV_ID,
    credentials: credentialsOf(secrets),
    ...numberSetting(options.env, 'LOCAL_DATABASE_LATENCY_MS', 'latencyMs'),
    invoke: invokeFromCloud(runner),
    cloudPay: { holder: runner.tokens.holder, call: wechat.cloudPay },
  });
  return options.env.LOCAL_DEMO_GOODS === '1' ? withDemoGoods(cloudbase) : cloudbase;
}

function environmentsOf(
  { options, url, secrets }: ComposeDeps,
  { wechat, runner }: Pick<LocalCloud, 'wechat' | 'runner'>,
) {
  const sdk = sdkEnvironment({ url, region: REGION, envId: ENV_ID, ...secrets });
  const settings = () =>
    settingsOf(wechat.merchant(), {
      apiUrl: url,
      notifyUrl: NOTIFY_URL,
      serviceKey: secrets.serviceKey,
      eventsKey: secrets.eventsKey,
      env: options.env,
    });
  return {
    environment: () => ({
      ...settings(),
      ...sdk,
      ...callerEnvironment(APPID, runner.tokens.giveScript),
    }),
    deployEnvironment: () => ({ ...deployEnvironment(settings()), ...sdk }),
  };
}
