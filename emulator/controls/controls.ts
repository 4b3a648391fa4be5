import { dirname, join } from 'node:path';
import type { CloudBase } from '../cloudbase/cloudbase.ts';
import { createControl } from '../control/control.ts';
import { secretValues } from '../control/functions/settings.ts';
import { withFunctionRules } from '../functions.ts';
import { createPrices } from '../quotes.ts';
import type { Runner } from '../runner/runner.ts';
import type { Secrets } from '../secrets.ts';
import { createSignatureDoctor } from '../signature/doctor.ts';
import { createDoctor } from '../start/doctor.ts';
import { type DeployProgress, withDeployProgress } from '../start/progress.ts';
import type { TencentCloud } from '../tencentcloud/tencentcloud.ts';
import type { WeChatPay } from '../wechatpay/wechatpay.ts';
import type { Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { openConfiguration } from './configuration.ts';
import { isReadableKey, listDeployed, maskOf } from './deployed.ts';

/** The control API controls these parts of a local cloud. */
export interface ControlledCloud {
  world: World;
  options: { env: Readonly<Record<string, string | undefined>>; root?: string; file: string };
  url: string;
  secrets: Secrets;
  names: { envId: string; appid: string; notifyUrl: string };
  wechat: WeChatPay;
  cloudbase: CloudBase;
  tencentcloud: TencentCloud;
  runner: Runner;
  deployProgress: DeployProgress;
  deployEnvironment(): Record<string, string>;
  /** Lays settings over those of the functions. */
  configure(settings: Record<string, string>): void;
}

/** Makes the control API over the parts of a local cloud. */
export function composeControl(cloud: ControlledCloud): Service {
  const { world, options, url, secrets, names, wechat, cloudbase, deployProgress } = cloud;
  const { tencentcloud, runner } = cloud;
  const { env, root = process.cwd(), file } = options;
  const configuration = openConfiguration(world, wechat, cloud.configure);
  return createControl({
    ...names,
    world,
    wechat,
    cloudbase,
    runner: withDeployProgress(
      env.LOCAL_FUNCTION_RULES === 'off' ? runner : withFunctionRules(runner, tencentcloud),
      deployProgress,
    ),
    deployState: deployProgress.current,
    services: [tencentcloud, wechat, cloudbase, runner],
    url,
    worldsFolder: join(dirname(file), 'worlds'),
    scenariosFolder: join(dirname(file), 'scenarios'),
    serviceKey: secrets.serviceKey,
    ...createPrices({ world, runner, eventsKey: secrets.eventsKey, env }),
    diagnose: createSignatureDoctor(world.clock.now, wechat.merchants, configuration.merchant),
    deployed: listDeployed({ tencentcloud, runner, root }),
    isReadableKey,
    doctor: createDoctor({ root, env, deployEnvironment: cloud.deployEnvironment }),
    mask: maskOf(() => [
      secrets.secretKey,
      secrets.token,
      secrets.permanentKey,
      secrets.apiKey,
      secrets.serviceKey,
      secrets.eventsKey,
      ...secretValues(runner.functions().map(({ environment }) => environment)),
    ]),
    ...configuration,
  });
}
