import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf } from '../../build/build.ts';
import { type Access, readAccess } from '../cloud/access.ts';
import type { CommandContext } from '../context/framework.ts';
import { functionNameOf, openService } from '../context/open.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { printAnswer, readEvent } from './invoke.ts';
import { packFunctions } from './package.ts';

/**
 * Runs `serverless invoke local -f NAME`: builds a function and runs it on this machine, with the
 * settings of `serverless.yml`, against the environment's real database. What it prints goes to
 * standard error, its answer to standard output.
 */
export async function invokeLocal(context: CommandContext): Promise<void> {
  const { service } = openService(context);
  const name = functionNameOf(context, service);
  const fn = service.functions.find((other) => other.name === name) as ServiceFunction;
  const event = await readEvent(context, service, name);
  const root = context.framework.serviceDir;
  await packFunctions(root, [name]);
  const platform = platformVariables(service, readAccess(context.env, service.region));
  const host = join(root, 'infra', 'serverless-tencent', 'commands', 'invokeLocalHost.cjs');
  const child = fork(host, [], {
    // Nothing of the shell's leaks in: a function gets what it would get in the cloud.
    env: { PATH: context.env.PATH, HOME: tmpdir(), TZ: 'UTC', ...fn.environment, ...platform },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(process.stderr);
  const ended = once(child, 'close');
  const timeoutMs = fn.timeoutS * 1000;
  const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  child.send({ file: bundleOf(join(root, 'dist'), name), event, environment: platform, timeoutMs });
  const answered = once(child, 'message') as Promise<[{ result?: string; error?: string }]>;
  const first = await Promise.race([answered, ended.then(() => undefined)]);
  clearTimeout(limit);
  const [answer] = first ?? [{ error: `没有回答，时限 ${fn.timeoutS} 秒 (no answer in time)` }];
  if (answer.result === undefined) throw new Error(`${name}: ${answer.error ?? ''}`);
  printAnswer(context, answer.result);
}

/**
 * Makes the variables that SCF puts into a function's environment, with this shell's key pair in
 * place of its role's.
 */
function platformVariables(
  { envId, region }: Service,
  { secretId, secretKey, token, endpoint }: Access,
): Record<string, string> {
  return {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: region,
    SCF_NAMESPACE: envId,
    TCB_ENV: envId,
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
    ...(token ? { TENCENTCLOUD_SESSIONTOKEN: token } : {}),
    ...(endpoint ? { TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${endpoint.origin}/admin` }) } : {}),
  };
}
