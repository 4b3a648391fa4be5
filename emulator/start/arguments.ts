import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { PlayCommand, RecordCommand } from '../remote/scenario.ts';
import { SNAPSHOT_ACTS, type SnapshotCommand } from '../remote/snapshot.ts';

/** `start`: the local cloud, served until it is stopped. */
export interface StartArguments {
  kind: 'start';
  port: number;
  fresh: boolean;
  /** Agrees beforehand to what `fresh` forgets. */
  yes: boolean;
  /** The folder of the data file. */
  data: string;
  /** Runs what was deployed before. */
  asItIs: boolean;
  /** The address at which other devices reach it too; left out: none does. */
  host?: string;
  /** Lets mini programs in WeChat DevTools in. */
  devtools: boolean;
}

/** `exec`: a program against a fresh local cloud. */
export interface ExecArguments {
  kind: 'exec';
  program: string;
  args: string[];
}

/** `snapshot`: a saved world of a cloud that runs. */
export interface SnapshotArguments extends SnapshotCommand {
  kind: 'snapshot';
  /** Left out: the cloud of this project that runs. */
  port?: number | undefined;
}

/** `play`: a scenario, on a cloud that runs. */
export interface PlayArguments extends PlayCommand {
  kind: 'play';
  /** Left out: the cloud of this project that runs. */
  port?: number | undefined;
}

/** `record`: what is done on a cloud that runs, as a scenario. */
export interface RecordArguments extends RecordCommand {
  kind: 'record';
  /** Left out: the cloud of this project that runs. */
  port?: number | undefined;
}

/** `mcp`: the tools of an agent, over this process's input and output. */
export interface McpArguments {
  kind: 'mcp';
  /** Left out: the cloud of this project that runs. */
  port?: number | undefined;
}

/** `--help`: how to use it. */
export interface HelpArguments {
  kind: 'help';
  text: string;
}

/** A command line that is refused, with a message for a person. */
export interface RefusedArguments {
  kind: 'refused';
  message: string;
}

/** A command line asks for one of these. */
export type Arguments =
  | StartArguments
  | ExecArguments
  | SnapshotArguments
  | PlayArguments
  | RecordArguments
  | McpArguments
  | HelpArguments
  | RefusedArguments;

/** The port and the folder of data unless others are named. */
export const USUAL = { port: 7100, data: '.local' };

const HELP = `npm start [-- --port 7100] [--fresh [--yes]] [--data .local] [--no-deploy]
          [--host 0.0.0.0] [--devtools]
                                                        启动本地云并部署 (serve the local cloud, deploy to it)
npm run local -- snapshot save|load|delete NAME [--replace] [--port 7100]
npm run local -- snapshot list                          保存与载入整个世界 (save and load the whole world)
npm run local -- snapshot export|import NAME [FILE]     作为文件带走与带回 (as a file)
npm run local -- record NAME [--replace]                录制所做的一切 (record what is done)
npm run local -- record NAME --stop [FILE]              停止，保存为场景 (stop: it is kept as a scenario)
npm run local -- play [NAME|FILE]                       播放场景，或列出 (play a scenario, or list them)
npm run --silent local -- mcp [--port 7100]             编程助手的工具 (tools of a coding agent: MCP over stdio)
npm run local -- exec CMD…                              在全新的本地云中运行命令 (run a command in a fresh one)
`;

const HELP_WORDS = ['--help', '-h', 'help'];

/** Reads a command line; refuses what it does not know, with a message for a person. */
export function readArguments(
  [command, ...rest]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Arguments {
  if (HELP_WORDS.includes(command ?? '')) return { kind: 'help', text: HELP };
  if (command === 'start') return readStartArguments(rest, env);
  if (command === 'snapshot') return readRemoteArguments(rest, snapshotOf);
  if (command === 'play') return readRemoteArguments(rest, playOf);
  if (command === 'record') return readRemoteArguments(rest, recordOf);
  if (command === 'mcp') return readMcpArguments(rest);
  if (command !== 'exec') return refuse(HELP);
  const [program, ...args] = rest;
  if (HELP_WORDS.includes(program ?? '')) return { kind: 'help', text: HELP };
  if (program === undefined) {
    return refuse(`exec 需要一个命令 (a command is missing)\n${HELP}`);
  }
  return { kind: 'exec', program, args };
}

function readStartArguments(
  args: string[],
  env: Readonly<Record<string, string | undefined>>,
): StartArguments | HelpArguments | RefusedArguments {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: env.PORT || String(USUAL.port) },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        yes: { type: 'boolean', default: false },
        data: { type: 'string', default: USUAL.data },
        'no-deploy': { type: 'boolean', default: false },
        host: { type: 'string' },
        devtools: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help', text: HELP };
    const { fresh, yes, data, devtools, host, 'no-deploy': asItIs } = values;
    const port = portIn(values.port);
    if (host !== undefined && isIP(host) === 0) return refuse(notAnAddress(host));
    const others = host === undefined ? {} : { host };
    return { kind: 'start', port, fresh, yes, data, asItIs, devtools, ...others };
  } catch (error) {
    return refuseWith(error);
  }
}

function notAnAddress(host: string): string {
  return `--host 应为本机的 IP 地址，或 0.0.0.0 (an IP address of this machine, or every one): ${host}`;
}

/** The command line of a command for a cloud that runs, as it was taken apart. */
interface RemoteWords {
  words: string[];
  replace: boolean;
  stop: boolean;
  port: number | undefined;
}

/** Reads a command for a cloud that runs; it is refused where nothing can be made of its words. */
function readRemoteArguments(
  args: string[],
  make: (remote: RemoteWords) => Arguments | undefined,
): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        replace: { type: 'boolean', default: false },
        stop: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help', text: HELP };
    const port = values.port === undefined ? undefined : portIn(values.port);
    const { replace, stop } = values;
    return make({ words: positionals, replace, stop, port }) ?? refuse(HELP);
  } catch (error) {
    return refuseWith(error);
  }
}

function snapshotOf({ words, replace, stop, port }: RemoteWords): SnapshotArguments | undefined {
  const [word, name = '', file, ...others] = words;
  const act = SNAPSHOT_ACTS.find((one) => one === word);
  const isUnderstood = act !== undefined && others.length === 0 && !stop;
  if (!isUnderstood || (name === '' && act !== 'list')) return undefined;
  return { kind: 'snapshot', act, name, file, replace, port };
}

function playOf({ words, replace, stop, port }: RemoteWords): PlayArguments | undefined {
  const [scenario, ...others] = words;
  if (others.length > 0 || replace || stop) return undefined;
  return { kind: 'play', scenario, port };
}

function recordOf({ words, replace, stop, port }: RemoteWords): RecordArguments | undefined {
  const [name, file, ...others] = words;
  const isUnderstood = name !== undefined && others.length === 0 && (stop || file === undefined);
  if (!isUnderstood || (stop && replace)) return undefined;
  return { kind: 'record', name, stop, file, replace, port };
}

function readMcpArguments(args: string[]): McpArguments | HelpArguments | RefusedArguments {
  try {
    const { values } = parseArgs({
      args,
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (values.help) return { kind: 'help', text: HELP };
    return { kind: 'mcp', port: values.port === undefined ? undefined : portIn(values.port) };
  } catch (error) {
    return refuseWith(error);
  }
}

function portIn(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`端口有误 (not a port): ${text}`);
}

function refuseWith(error: unknown): RefusedArguments {
  return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
}

function refuse(message: string): RefusedArguments {
  return { kind: 'refused', message };
}
