import { once } from 'node:events';
import { join } from 'node:path';
import { bundleOf } from '../../build/build.ts';
import { loadFault } from '../../build/loading.ts';
import type { CommandContext } from '../context/framework.ts';
import {
  deployOptions,
  functionNameOf,
  openService,
  refuseUnreadableSettings,
} from '../context/open.ts';
import type { StepListener } from '../deploy/converge.ts';
import { deployAll, deployOne, listUnmanaged, planAll } from '../deploy/deployment.ts';
import { DeployRefusal, type Step } from '../resources/resource.ts';
import { findDomain } from '../resources/routes.ts';
import type { Service } from '../service/service.ts';
import { type FunctionPackage, packagesByName, packFunctions } from './package.ts';
import { deploySaved, type Watching } from './watch.ts';

/** Names the address of each callback, and the setting that holds it. */
const ADDRESSES: Partial<Record<string, string>> = {
  payCallback: '支付通知地址 (WXPAY_NOTIFY_URL)',
  refundCallback: '退款通知地址 (WXPAY_REFUND_NOTIFY_URL)',
};

/**
 * Runs `serverless deploy`: deploys everything. The framework's package phase made the packages.
 */
export async function deploy(
  context: CommandContext,
  packages: readonly FunctionPackage[],
): Promise<void> {
  const { service, cloud } = openService(context);
  refuseUnreadableSettings(context, service);
  const code = await loadableCode(context, service, packages);
  const deployment = { cloud, service, code, options: deployOptions(context, service) };
  const { steps, unmanaged } = await withProgress(context, async (listener) => {
    const done = await deployAll(deployment, listener);
    return { steps: done, unmanaged: await listUnmanaged(deployment) };
  });
  const routes = service.functions.flatMap(({ name, routes: own }) =>
    own.map(({ path }) => ({ what: ADDRESSES[name] ?? `路由 (route) ${name}`, path })),
  );
  const { domain, isDefault } = (await findDomain(cloud, service)) ?? {};
  const { notice } = context.utils.log;
  for (const line of unmanagedLines(unmanaged)) notice(line);
  notice.success(`${doneText(steps)}: ${service.envId} (${service.region})`);
  for (const { what, path } of routes) notice(`  ${what}  https://${domain}${path}`);
  const isLocalCloud = Boolean(context.env.TENCENTCLOUD_ENDPOINT);
  if (isDefault && routes.length > 0 && !isLocalCloud) {
    notice('  默认域名限频，仅供测试；正式环境请绑定已备案域名并设置 provider.domain');
    notice('  (the default domain is rate-limited, for tests only: bind a filed one)');
  }
}

/**
 * Runs `serverless deploy --watch`: deploys everything, then each function that is saved, until it
 * is stopped.
 */
export async function deployAndWatch(context: CommandContext, watching: Watching): Promise<void> {
  await deploy(context, watching.packages);
  // Whoever started this process waits for the first deploy, and takes it along when it ends.
  if (process.send && !process.connected) return;
  process.send?.({ deployed: true });
  process.once('disconnect', () => process.exit(0));
  const { service, cloud } = openService(context);
  refuseUnreadableSettings(context, service);
  // The first deploy took away what was to be.
  const options = { ...deployOptions(context, service), unset: [] };
  await deploySaved(context, { startAnew, ...watching }, async (changed) => {
    const beganMs = context.nowMs();
    const code = await loadableCode(context, service, changed);
    for (const { name } of changed) {
      await withProgress(context, (listener) =>
        deployOne({ cloud, service, code, options }, name, listener),
      );
    }
    const names = changed.map(({ name }) => name).join(', ');
    context.utils.log.notice.success(`${names}: ${context.nowMs() - beganMs} ms`);
  });
}

/**
 * Tells whoever started this process, who deploys anew and then ends it, of files that only a new
 * start reads; returns where what they say cannot be deployed. Absent where nobody listens.
 */
const startAnew = process.send && ((changed: readonly string[]) => tellAndWait({ changed }));

async function tellAndWait(message: object): Promise<void> {
  const answered = once(process, 'message');
  process.send?.(message);
  await answered;
}

/** Runs `serverless deploy function -f NAME`: deploys one function alone. */
export async function deployFunction(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  refuseUnreadableSettings(context, service);
  const name = functionNameOf(context, service);
  const packages = await packFunctions(context.framework.serviceDir, [name]);
  const code = await loadableCode(context, service, packages);
  const options = deployOptions(context, service);
  const steps = await withProgress(context, (listener) =>
    deployOne({ cloud, service, code, options }, name, listener),
  );
  context.utils.log.notice.success(`${doneText(steps)}: ${name}`);
}

/**
 * Runs `serverless plan`, or `deploy --dry-run`: prints the steps of a deploy and writes nothing to
 * the cloud.
 */
export async function plan(
  context: CommandContext,
  packages: readonly FunctionPackage[],
): Promise<void> {
  const { service, cloud } = openService(context);
  refuseUnreadableSettings(context, service);
  const code = await loadableCode(context, service, packages);
  const options = deployOptions(context, service);
  const { steps, unmanaged } = await planAll({ cloud, service, code, options });
  const lines = steps.map(({ subject, action }) => `  ${subject.padEnd(32)} ${action}`);
  context.utils.writeText(
    [
      steps.length === 0 ? '没有变化 (nothing to do)' : `将执行 (would do) ${steps.length}:`,
      ...lines,
      ...unmanagedLines(unmanaged),
    ].join('\n'),
  );
}

/** Names what goes on although `serverless.yml` does not have it. */
function unmanagedLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const lines = names.map((name) => `  ${name.padEnd(32)} --prune`);
  return ['不在 serverless.yml 中，保留 (not in serverless.yml, left alone):', ...lines];
}

function doneText(steps: readonly Step[]): string {
  return steps.length === 0
    ? '没有变化 (nothing to do)'
    : `部署完成 (deployed), ${steps.length} 项变更 (changes)`;
}

/**
 * Looks the packages up by name, once the merchant's functions among them were loaded on this
 * machine: one that throws as it loads is refused here, and not found by the first payer.
 */
async function loadableCode(
  context: CommandContext,
  { functions }: Service,
  packages: readonly FunctionPackage[],
): Promise<ReturnType<typeof packagesByName>> {
  const code = packagesByName(packages);
  const root = context.framework.serviceDir;
  const merchants = functions.filter(
    ({ name, environmentKeys }) => !environmentKeys && code.has(name),
  );
  const fault = await loadFault(
    root,
    merchants.map(({ name, environment }) => {
      return { name, environment, file: bundleOf(join(root, 'dist'), name) };
    }),
  );
  if (fault === undefined || context.options['skip-load'] === true) return code;
  throw new DeployRefusal(
    'FUNCTION_DOES_NOT_LOAD',
    `${fault}。未作任何改动；若它需要只在控制台设置的变量，加 --skip-load (it throws as it loads: nothing was done; --skip-load where it needs variables that only the console has)`,
  );
}

/** Shows progress while `work` goes on, and each step once it is done. */
async function withProgress<T>(
  context: CommandContext,
  work: (listener: StepListener) => Promise<T>,
): Promise<T> {
  const { log, progress } = context.utils;
  const progressLine = progress.create({ message: '读取云端状态 (reading what is there)' });
  let count = '';
  try {
    return await work({
      onStart: ({ subject, action }) => progressLine.update(`${count}${subject}: ${action}`),
      onDone: ({ subject, action }) => log.notice(`  ${count}${subject.padEnd(32)} ${action}`),
      onProgress: ({ done, total }) => {
        count = `${String(done).padStart(2)}/${total}  `;
        // Whoever started this process shows it, too.
        process.send?.({ done, total });
      },
    });
  } finally {
    progressLine.remove();
  }
}
