import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { outliveReaders, terminalAsk } from '../infra/terminal.ts';
import { ENV_ID, type LocalCloud, startLocalCloud } from './main.ts';
import { cloudAt, type RunningCloud } from './remote/cloud.ts';
import { runPlay, runRecord } from './remote/scenario.ts';
import { runSnapshot } from './remote/snapshot.ts';
import {
  type ExecArguments,
  type McpArguments,
  type PlayArguments,
  readArguments,
  type StartArguments,
} from './start/arguments.ts';
import { readyText, savedLine } from './start/banner.ts';
import { deployProject } from './start/deploy.ts';
import { startFault } from './start/fault.ts';
import { isWithin, openDataFolder } from './start/folder.ts';
import { confirmForgetting } from './start/forget.ts';
import { followCalls } from './start/functionLog.ts';
import { writeStageFile } from './start/stageFile.ts';

/** Ends the process with a message for a person: what happened, and what to do. */
function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

// Where `head` reads it, the cloud goes on.
outliveReaders();
const write = (text: string) => void process.stdout.write(text);
const command = readArguments(process.argv.slice(2), process.env);
if (command.kind === 'refused') stop(command.message);
else if (command.kind === 'help') write(command.text);
else if (command.kind === 'start') await start(command);
else if (command.kind === 'snapshot') write(await runSnapshot(near(command), command).catch(fail));
else if (command.kind === 'record') write(await runRecord(near(command), command).catch(fail));
else if (command.kind === 'play') await play(command);
else if (command.kind === 'mcp') await mcp(command);
else await exec(command);

async function start(asked: StartArguments): Promise<void> {
  const root = process.cwd();
  const cloud = await openCloud(root, asked).catch(async (error: unknown) =>
    stop(await startFault(error, asked)),
  );
  // Whoever looks while it is deployed sees how far it is.
  write(`\n  页面 (page)  ${cloud.url}/\n`);
  // Data elsewhere are another cloud's than the project's own.
  const isProjects = isWithin(root, resolve(root, asked.data));
  const removeStageFile = isProjects
    ? writeStageFile(root, { ...cloud.deployEnvironment(), ...cloud.environment() }, asked.data)
    : () => {};
  process.once('exit', removeStageFile);
  let unwatch = async () => {};
  let isEnding = false;
  const end = () => {
    isEnding = true;
    void unwatch()
      .then(cloud.close)
      .then(() => {
        write(`\n  ${savedLine(asked)}\n`);
        process.exit(0);
      });
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  if (!asked.asItIs) unwatch = await deployAndWatch(cloud, root, () => isEnding);
  if (isEnding) return;
  followCalls(cloud.world.timeline, write);
  const { url, notifyUrl, apiKey, remoteUrls } = cloud;
  write(readyText({ ...asked, url, notifyUrl, apiKey, remoteUrls }, process.env));
}

async function openCloud(root: string, asked: StartArguments): Promise<LocalCloud> {
  const { port, fresh, yes, data, devtools, host } = asked;
  const file = join(openDataFolder(root, data), 'data.db');
  const env = { LOCAL_DEMO_GOODS: '1', ...process.env };
  const beforeForgetting = () =>
    confirmForgetting({
      file,
      envId: ENV_ID,
      isAgreed: yes,
      ask: terminalAsk(process.stdout),
      write,
    });
  const reached = { port, devtools, ...(host === undefined ? {} : { host }) };
  return startLocalCloud({ ...reached, file, root, fresh, env, beforeForgetting });
}

/** Deploys the project as to any other cloud, then each function that is saved. */
async function deployAndWatch(
  cloud: LocalCloud,
  root: string,
  isEnding: () => boolean,
): Promise<() => Promise<void>> {
  const { deployProgress } = cloud;
  write('\n  部署到本地云 (deploying): serverless deploy --stage local\n');
  try {
    const options = { root, env: process.env, watch: true, progress: deployProgress, write };
    return await deployProject(cloud, options);
  } catch (error) {
    // Ctrl+C reaches the deploy too: it did not fail, and the end is under way.
    if (isEnding()) return async () => {};
    await cloud.close();
    // The deploy has written what went wrong.
    return stop(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** Reaches the cloud that runs. */
function near({ port }: { port?: number | undefined }): RunningCloud {
  return cloudAt(port, process.cwd());
}

function fail(error: Error): never {
  stop(error.message);
}

async function play(asked: PlayArguments): Promise<void> {
  const { text, isWhole } = await runPlay(near(asked), asked).catch(fail);
  write(text);
  if (!isWhole) process.exitCode = 1;
}

async function mcp({ port }: McpArguments): Promise<void> {
  // No other command waits for the protocol's packages.
  const { serveMcp } = await import('./mcp/server.ts');
  serveMcp(() => cloudAt(port, process.cwd()));
}

async function exec({ program, args }: ExecArguments): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scf-wechatpay-'));
  const file = join(folder, 'data.db');
  const root = process.cwd();
  const cloud = await startLocalCloud({ port: 0, file, root, env: process.env });
  const end = async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  };
  await deployProject(cloud, { root, env: process.env, write: () => {} }).catch(
    async (error: unknown) => {
      await end();
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
  await end();
  process.exit(code);
}
