import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ENV_ID, type LocalCloud, startLocalCloud } from './main.ts';
import { type ExecArguments, readArguments, type StartArguments } from './start/arguments.ts';
import { beginAnewLine, priceLine } from './start/banner.ts';
import { deployProject } from './start/deploy.ts';
import { confirmForgetting, terminalAsk } from './start/forget.ts';

/** Ends the process with a message for a person: what happened, and what to do. */
function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const write = (text: string) => void process.stdout.write(text);
const command = readArguments(process.argv.slice(2), process.env);
if (command.kind === 'refused') stop(command.message);
else if (command.kind === 'start') await start(command);
else await exec(command);

async function start({ port, fresh, yes, data, asItIs }: StartArguments): Promise<void> {
  const root = process.cwd();
  const folder = resolve(root, data);
  const file = join(folder, 'data.db');
  await mkdir(folder, { recursive: true });
  const env = { LOCAL_DEMO_GOODS: '1', ...process.env };
  const beforeForgetting = () =>
    confirmForgetting({ file, envId: ENV_ID, isAgreed: yes, ask: terminalAsk(), write });
  const cloud = await startLocalCloud({ port, file, fresh, env, beforeForgetting }).catch(
    (error: unknown) => stop(reason(error, port)),
  );
  const unwatch = asItIs ? async () => {} : await deployAndWatch(cloud, root);
  process.stdout.write(`
  本地云已启动 (the local cloud is up)

    页面 (page)      ${cloud.url}/
    控制 (control)   ${cloud.url}/_local/openapi.json
    回调 (notify)    ${cloud.notifyUrl}
    数据 (data)      ${data}/  重新开始 (begin anew): ${beginAnewLine({ port, data })}

${priceLine(process.env.WXPAY_PRICE_SOURCE)}
${asItIs ? '  未部署，运行上次部署的函数 (not deployed: what was deployed before)' : '  保存代码后自动部署该函数 (a function is deployed again when its code is saved)'}
  停止 (stop): Ctrl+C
`);
  const end = () =>
    void unwatch()
      .then(cloud.close)
      .then(() => process.exit(0));
  process.once('SIGINT', end).once('SIGTERM', end);
}

/** Deploys the project as to any other cloud, then each function that is saved. */
async function deployAndWatch(cloud: LocalCloud, root: string): Promise<() => Promise<void>> {
  process.stdout.write('\n  部署到本地云 (deploying): serverless deploy --stage local\n');
  try {
    return await deployProject(cloud, { root, env: process.env, watch: true, write });
  } catch (error) {
    await cloud.close();
    // The deploy has written what went wrong.
    return stop(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

async function exec({ program, args }: ExecArguments): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scf-wechatpay-'));
  const file = join(folder, 'data.db');
  const root = process.cwd();
  const cloud = await startLocalCloud({ port: 0, file, env: process.env });
  await deployProject(cloud, { root, env: process.env, write: () => {} }).catch(
    async (error: unknown) => {
      await cloud.close();
      return stop(error instanceof Error ? error.message : String(error));
    },
  );
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...process.env, ...cloud.environment() },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((finish) => {
    child.once('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      finish(127);
    });
    child.once('exit', (exit, signal) =>
      finish(exit ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

function reason(error: unknown, port: number): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `端口 ${port} 已被占用，请换一个：npm start -- --port ${port + 1}
(port ${port} is taken: stop the other program, or choose another port)`;
  }
  return error instanceof Error ? error.message : String(error);
}
