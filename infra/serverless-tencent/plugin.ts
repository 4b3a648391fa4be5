import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { outliveReaders, terminalAsk } from '../terminal.ts';
import { beginCommand } from './context/begin.ts';
import { EVENTS } from './context/events.ts';
import type { CommandContext, CommandOptions, Framework, Utils } from './context/framework.ts';
import { leaveDoctorHint, muteVendorLinks, wordSchemaFaults } from './context/terminal.ts';
import { readTextsAtStart } from './context/textsAtStart.ts';
import { collectionsSchema, providerSchema } from './schema.ts';
import { textFaults } from './service/texts.ts';

const flag = (usage: string) => ({ usage, type: 'boolean' });
const text = (usage: string) => ({ usage, type: 'string' });
const deployFlags = {
  prune: flag('删除不在 serverless.yml 中的资源 (remove what left serverless.yml)'),
  adopt: flag('接管其他工具部署的同名函数 (take over functions deployed by something else)'),
  'skip-load': flag('不在本机试加载自己的函数 (do not load functions of your own here first)'),
  'renew-cache': flag('重新生成代码缓存 (make the code caches anew)'),
  unset: text('从云端删除环境变量 KEY,KEY (environment keys to take away)'),
};

const signing = {
  service: flag('以商户服务端签名调用 (sign as your server, with WXPAY_SERVICE_KEY)'),
};

/** Commands and options that the framework does not know for a provider of ours. */
const commands = {
  plan: {
    usage: '显示部署将做的变更，不写入 (what a deploy would change; writes nothing)',
    lifecycleEvents: ['plan'],
    options: deployFlags,
  },
  // `doctor` alone is the framework's own and cannot be taken: it lists deprecations.
  doctor: {
    type: 'container',
    commands: {
      run: {
        usage:
          '检查部署前后的配置与云端状态，不写入 (checks configuration and cloud; writes nothing)',
        lifecycleEvents: ['check'],
        options: {
          json: flag('以 JSON 输出 (print the findings as JSON)'),
          'merchant-cert': text('商户证书 apiclient_cert.pem 的路径 (the merchant certificate)'),
        },
      },
    },
  },
  deploy: {
    options: {
      ...deployFlags,
      'dry-run': flag('同 serverless plan，不写入 (the same as plan; writes nothing)'),
      watch: flag('保存后自动部署改动的函数 (then deploys each function that is saved)'),
    },
    commands: { function: { options: deployFlags } },
  },
  invoke: { options: signing, commands: { local: { options: signing } } },
  remove: {
    options: {
      data: flag('连同订单数据一起删除 (remove the collections with all orders too)'),
      yes: flag('不再询问 (do not ask)'),
    },
  },
};

/**
 * The plugin loads these once nothing is missing: whoever misses a setting learns so before zod and
 * the SDK of the cloud are read.
 */
export interface LazyParts {
  hooks(): typeof import('./hooks.ts');
  open(): typeof import('./context/open.ts');
}

/** Makes the provider `tencent` of the Serverless Framework: which command runs what. */
export function createProvider({ hooks: loadHooks, open }: LazyParts) {
  return class TencentProvider {
    static getProviderName(): string {
      return 'tencent';
    }
    readonly commands = commands;
    readonly hooks: Record<string, () => Promise<void>>;

    constructor(framework: Framework, options: CommandOptions, utils: Utils) {
      framework.setProvider('tencent', this);
      framework.configSchemaHandler.defineProvider('tencent', providerSchema);
      framework.configSchemaHandler.defineTopLevelProperty('collections', collectionsSchema);
      const context = contextOf(framework, options, utils);
      const texts = readTextsAtStart(framework.serviceDir);
      outliveReaders(() => options.tail === true && process.exit(0));
      muteVendorLinks();
      wordSchemaFaults(framework);
      leaveDoctorHint();
      let hooks: ReturnType<ReturnType<LazyParts['hooks']>['hooksFor']> | undefined;
      const runs = EVENTS.map((event) => {
        const run = async () => {
          hooks ??= loadHooks().hooksFor(context, texts);
          await hooks[event]?.();
        };
        return [event, run] as const;
      });
      const begin = ['initialize', async () => beginCommand(context, open)] as const;
      this.hooks = Object.fromEntries(
        [begin, ...runs].map(([event, run]) => [
          event,
          () =>
            run().catch((error: unknown) => {
              throw errorForUser(framework, error);
            }),
        ]),
      );
    }
  };
}

function contextOf(framework: Framework, options: CommandOptions, utils: Utils): CommandContext {
  const ask = terminalAsk(process.stderr);
  return {
    framework,
    textFaults: readTextFaults(framework),
    options,
    utils,
    env: process.env,
    nowMs: Date.now,
    wait: (ms: number) => wait(ms),
    ...(ask ? { ask } : {}),
  };
}

/**
 * Compares the configuration with the text of its file. It is done as the plugin is loaded: later
 * the framework's own check makes texts of numbers, in place.
 */
function readTextFaults({ serviceDir, configurationFilename, configurationInput }: Framework) {
  const isYaml = /\.ya?ml$/.test(configurationFilename ?? '');
  const path = join(serviceDir, configurationFilename ?? '');
  return textFaults(configurationInput, isYaml ? readFileSync(path, 'utf8') : '');
}

/**
 * Makes an error without a stack of one that a person can correct; a mistake of ours keeps its
 * stack.
 */
function errorForUser({ classes }: Framework, error: unknown): unknown {
  const isOurMistake = [TypeError, RangeError, ReferenceError].some(
    (kind) => error instanceof kind,
  );
  if (isOurMistake || !(error instanceof Error)) return error;
  return new classes.Error(error.message, 'code' in error ? String(error.code) : 'TENCENT');
}
