import { setTimeout as wait } from 'node:timers/promises';
import { deploy, deployAndWatch, deployFunction, plan } from './commands/deploy.ts';
import { info } from './commands/info.ts';
import { invoke } from './commands/invoke.ts';
import { logs } from './commands/logs.ts';
import { type Packed, packageAll, sizeReport } from './commands/package.ts';
import { remove } from './commands/remove.ts';
import { rollbackFunction } from './commands/rollback.ts';
import type { Framework, Options, Session, Utils } from './framework.ts';
import { collectionsSchema, providerSchema } from './schema.ts';

const flag = (usage: string) => ({ usage, type: 'boolean' });
const text = (usage: string) => ({ usage, type: 'string' });
const deployFlags = {
  prune: flag('删除不在 serverless.yml 中的资源 (remove what left serverless.yml)'),
  adopt: flag('接管其他工具部署的同名函数 (take over functions deployed by something else)'),
  unset: text('从云端删除环境变量 KEY,KEY (environment keys to take away)'),
};

/** Commands and options that the framework does not know for a provider of ours. */
const commands = {
  plan: {
    usage: '显示部署将做的变更，不写入 (what a deploy would change; writes nothing)',
    lifecycleEvents: ['plan'],
    options: deployFlags,
  },
  deploy: {
    options: {
      ...deployFlags,
      watch: flag('保存后自动部署改动的函数 (then deploys each function that is saved)'),
    },
    commands: { function: { options: deployFlags } },
  },
  invoke: {
    options: {
      service: flag('以商户服务端签名调用 (sign as your server, with WXPAY_SERVICE_KEY)'),
    },
  },
  remove: {
    options: { data: flag('连同订单数据一起删除 (remove the collections with all orders too)') },
  },
};

/** The provider `tencent` of the Serverless Framework: which command runs what. */
export default class TencentProvider {
  static getProviderName(): string {
    return 'tencent';
  }
  readonly commands = commands;
  readonly hooks: Record<string, () => Promise<void>>;
  #packed: Packed[] = [];

  constructor(framework: Framework, options: Options, utils: Utils) {
    framework.setProvider('tencent', this);
    framework.configSchemaHandler.defineProvider('tencent', providerSchema);
    framework.configSchemaHandler.defineTopLevelProperty('collections', collectionsSchema);
    const session: Session = {
      ...{ framework, options, utils, env: process.env },
      ...{ nowMs: Date.now, wait: (ms: number) => wait(ms) },
    };
    this.hooks = this.#hooksFor(session);
  }

  #hooksFor(session: Session): Record<string, () => Promise<void>> {
    return {
      'before:package:createDeploymentArtifacts': async () => {
        this.#packed = await packageAll(session);
      },
      'package:finalize': async () => session.utils.log.notice(sizeReport(this.#packed)),
      'deploy:deploy': () =>
        session.options.watch === true
          ? deployAndWatch(session, this.#packed)
          : deploy(session, this.#packed),
      'deploy:function:deploy': () => deployFunction(session),
      'plan:plan': () => plan(session),
      'info:info': () => info(session),
      'invoke:invoke': () => invoke(session),
      'logs:logs': () => logs(session),
      'rollback:function:rollback': () => rollbackFunction(session),
      'remove:remove': () => remove(session),
    };
  }
}
