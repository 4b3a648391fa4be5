import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeployRefusal } from '../resources/resource.ts';
import { type CommandContext, textOption } from './framework.ts';
import { type CommandNeeds, refuseMissing } from './missing.ts';

const READS: CommandNeeds = { environment: true, keyPair: true };
const WRITES: CommandNeeds = { ...READS, readableSettings: true };

/** Every command that reads or changes an environment; `doctor run` reports itself what is missing. */
const COMMANDS: Readonly<Record<string, CommandNeeds>> = {
  plan: WRITES,
  deploy: WRITES,
  'deploy function': WRITES,
  info: READS,
  invoke: READS,
  'invoke local': READS,
  logs: READS,
  'rollback function': READS,
  remove: READS,
  'doctor run': {},
};

/**
 * Begins a command, before anything is built: refuses a stage that no file stands for, says which
 * environment is acted on, and names everything that is missing at once.
 */
export function beginCommand(
  context: CommandContext,
  loadOpen: () => typeof import('./open.ts'),
): void {
  const { processedInput, service } = context.framework;
  const needs = COMMANDS[processedInput.commands.join(' ')];
  if (!needs) return;
  refuseStageWithoutFile(context);
  context.utils.log.notice(targetLine(context));
  // The hosted engine refuses in its own words what it cannot do.
  if (service.provider.engine === 'components') return;
  refuseMissing(context, needs);
  if (!needs.readableSettings) return;
  const { refuseUnreadableSettings, serviceOf } = loadOpen();
  refuseUnreadableSettings(context, serviceOf(context));
}

/**
 * Refuses `--stage NAME` without `.env.NAME`: the framework would read `.env` in its place, and act
 * on the environment of another stage.
 */
function refuseStageWithoutFile(context: CommandContext): void {
  const stage = textOption(context, 'stage');
  if (stage === undefined) return;
  const isLocalCloud = stage === 'local' && Boolean(context.env.TENCENTCLOUD_ENDPOINT);
  if (isLocalCloud || existsSync(join(context.framework.serviceDir, `.env.${stage}`))) return;
  const toMake =
    stage === 'local'
      ? 'npm start 运行时会写入它，数据在项目外（--data）时除外 (npm start writes it while it runs, unless its data lie outside of the project)'
      : `npm run init -- --stage ${stage} 可建立该文件；要用 .env 就去掉 --stage (that makes it; or leave --stage out)`;
  throw new DeployRefusal(
    'STAGE_WITHOUT_FILE',
    `--stage ${stage}：没有文件 .env.${stage}，会误用 .env 里的环境，未作任何改动 (there is no .env.${stage}, and .env would have decided which environment; nothing was done)。${toMake}`,
  );
}

/** Writes which environment, stage, region and account a command acts on. */
export function targetLine({ framework, env }: CommandContext): string {
  const { envId, stage, region } = framework.service.provider;
  const parts: readonly (readonly [name: string, value: unknown])[] = [
    ['环境 (environment)', envId],
    ['阶段 (stage)', stage],
    ['地域 (region)', region],
    ['账号 (account)', accountText(env)],
  ];
  return parts.map(([name, value]) => `${name} ${value || '未设置 (not set)'}`).join('，');
}

/** Names the account by its key pair, of which only the id is shown, and in part. */
function accountText(env: CommandContext['env']): string {
  const endpoint = env.TENCENTCLOUD_ENDPOINT;
  if (endpoint) return `本地云 (local cloud) ${endpoint}`;
  const secretId = env.TENCENTCLOUD_SECRET_ID || env.TENCENT_SECRET_ID || '';
  return secretId.length < 16 ? '' : `${secretId.slice(0, 8)}…${secretId.slice(-4)}`;
}
