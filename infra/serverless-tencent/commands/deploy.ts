import type { Session } from '../context/framework.ts';
import { deployOptions, namedFunction, opened, refuseUnreadable } from '../context/open.ts';
import type { Listener } from '../deploy/converge.ts';
import { deployAll, deployOne, planAll } from '../deploy/deployment.ts';
import type { Step } from '../resources/resource.ts';
import { findDomain } from '../resources/routes.ts';
import { type Packed, pack } from './package.ts';
import { deploySaved, watchSources } from './watch.ts';

/** `serverless deploy`: everything. `packed` is what the framework's package phase made. */
export async function deploy(session: Session, packed: readonly Packed[]): Promise<void> {
  const { service, cloud } = opened(session);
  refuseUnreadable(service);
  const code = new Map(packed.map((one) => [one.name, one]));
  const options = deployOptions(session, service);
  const taken = await followed(session, (listener) =>
    deployAll({ cloud, service, code, options }, listener),
  );
  const paths = service.functions.flatMap(({ routes }) => routes.map(({ path }) => path));
  const { domain, isDefault } = (await findDomain(cloud, service)) ?? {};
  const { notice } = session.utils.log;
  notice.success(`${doneText(taken)}: ${service.envId} (${service.region})`);
  for (const path of paths) notice(`  通知地址 (notify URL)  https://${domain}${path}`);
  if (isDefault && paths.length > 0) {
    notice('  默认域名限频，仅供测试；正式环境请绑定已备案域名并设置 provider.domain');
    notice('  (the default domain is rate-limited, for tests only: bind a filed one)');
  }
}

/** `serverless deploy --watch`: everything, then each function that is saved, until it is stopped. */
export async function deployAndWatch(session: Session, packed: readonly Packed[]): Promise<void> {
  // What is saved while the first deploy goes on is deployed after it.
  const saves = await watchSources(session.framework.serviceDir);
  await deploy(session, packed);
  // Whoever started this process waits for the first deploy, and takes it along when it ends.
  if (process.send && !process.connected) return;
  process.send?.('deployed');
  process.once('disconnect', () => process.exit(0));
  const { service, cloud } = opened(session);
  refuseUnreadable(service);
  const options = deployOptions(session, service);
  await deploySaved(session, saves, packed, async (changed) => {
    const beganMs = session.nowMs();
    const code = new Map(changed.map((one) => [one.name, one]));
    for (const { name } of changed) {
      await followed(session, (listener) =>
        deployOne({ cloud, service, code, options }, name, listener),
      );
    }
    const names = changed.map(({ name }) => name).join(', ');
    session.utils.log.notice.success(`${names}: ${session.nowMs() - beganMs} ms`);
  });
}

/** `serverless deploy function -f NAME`: one function alone. */
export async function deployFunction(session: Session): Promise<void> {
  const { service, cloud } = opened(session);
  refuseUnreadable(service);
  const name = namedFunction(session, service);
  const packed = await pack(session.framework.serviceDir, [name]);
  const code = new Map(packed.map((one) => [one.name, one]));
  const options = deployOptions(session, service);
  const taken = await followed(session, (listener) =>
    deployOne({ cloud, service, code, options }, name, listener),
  );
  session.utils.log.notice.success(`${doneText(taken)}: ${name}`);
}

/** `serverless plan`: what a deploy would do; writes nothing. */
export async function plan(session: Session): Promise<void> {
  const { service, cloud } = opened(session);
  refuseUnreadable(service);
  const names = service.functions.map(({ name }) => name);
  const packed = await pack(session.framework.serviceDir, names);
  const code = new Map(packed.map((one) => [one.name, one]));
  const options = deployOptions(session, service);
  const { steps, leftovers } = await planAll({ cloud, service, code, options });
  const lines = steps.map(({ subject, does }) => `  ${subject.padEnd(32)} ${does}`);
  const left = leftovers.map((what) => `  ${what.padEnd(32)} --prune`);
  session.utils.writeText(
    [
      steps.length === 0 ? '没有变化 (nothing to do)' : `将执行 (would do) ${steps.length}:`,
      ...lines,
      ...(left.length > 0
        ? ['不在 serverless.yml 中，保留 (not in serverless.yml, left alone):', ...left]
        : []),
    ].join('\n'),
  );
}

function doneText(taken: readonly Step[]): string {
  return taken.length === 0
    ? '没有变化 (nothing to do)'
    : `部署完成 (deployed), ${taken.length} 项变更 (changes)`;
}

/** Shows progress while `work` goes on, and each change as it is done. */
async function followed<T>(session: Session, work: (listener: Listener) => Promise<T>): Promise<T> {
  const { log, progress } = session.utils;
  const shown = progress.create({ message: '读取云端状态 (reading what is there)' });
  try {
    return await work({
      begins: ({ subject, does }) => shown.update(`${subject}: ${does}`),
      done: ({ subject, does }) => log.notice(`  ${subject.padEnd(32)} ${does}`),
    });
  } finally {
    shown.remove();
  }
}
