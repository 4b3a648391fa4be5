import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ComponentsPlatform } from './platform.ts';

/**
 * A project of somebody else's machine: its `serverless.yml`, tiny functions, a home of its own.
 */
export interface Project {
  root: string;
  /** Runs `serverless …` in it, with the platform behind a proxy; `env` over the defaults. */
  serverless(args: readonly string[], env?: Record<string, string>): Promise<CommandResult>;
  /** Starts `serverless …` in the same way, and does not wait for it. */
  start(args: readonly string[], env?: Record<string, string>): Run;
  /** Lists `host:port` of every connection that its processes opened so far. */
  connections(): Promise<string[]>;
  /** Lists what is left of the engine's folder. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** The exit code of a command, and its whole output. */
interface CommandResult {
  code: number | null;
  text: string;
}

interface Run {
  child: ChildProcess;
  ended: Promise<CommandResult>;
}

const ENGINE_FOLDER = join('.serverless', 'components');

/**
 * Files that somebody else left on the machine; a token of another key pair makes every signature
 * wrong.
 */
const foreign = {
  '.env': 'TENCENT_TOKEN=of-somebody-else\n',
  'home/.serverless/tencent/credentials': '[default]\nTENCENT_TOKEN=of-somebody-else\n',
};

/** Makes a project in a temporary folder; `yml` is what `serverless.yml` says beside the plugin. */
export async function makeProject(
  platform: ComponentsPlatform,
  yml: { functions: Record<string, object> },
): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'components-'));
  const plugins = [resolve('infra/serverless-tencent/index.cjs')];
  await writeFile(join(root, 'serverless.yml'), JSON.stringify({ ...yml, plugins }));
  await writeFile(join(root, 'certificates.pem'), platform.certificates);
  await writeFile(join(root, 'guard.cjs'), guardScript(join(root, 'connections.log')));
  await writeFile(join(root, 'connections.log'), '');
  await mkdir(join(root, 'home/.serverless/tencent'), { recursive: true });
  for (const [path, content] of Object.entries(foreign)) await writeFile(join(root, path), content);
  for (const name of Object.keys(yml.functions)) {
    await mkdir(join(root, 'functions', name), { recursive: true });
    await writeFile(
      join(root, 'functions', name, 'index.ts'),
      `export const main = async () => '${name}';\n`,
    );
  }
  const runs: Run[] = [];
  const start = (args: readonly string[], env: Record<string, string> = {}): Run => {
    const child = spawn(
      process.execPath,
      [resolve('node_modules/serverless/bin/serverless.js'), ...args],
      {
        cwd: root,
        env: { ...defaultEnvironment(root, platform), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let text = '';
    const append = (chunk: Buffer) => {
      text += chunk;
    };
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }));
    runs.push({ child, ended });
    return { child, ended };
  };
  return {
    root,
    start,
    serverless: (args, env) => start(args, env).ended,
    connections: async () => {
      const lines = (await readFile(join(root, 'connections.log'), 'utf8')).split('\n');
      return [...new Set(lines.filter((line) => line !== ''))];
    },
    leftovers: async () =>
      (await readdir(root, { recursive: true })).filter((path) => path.startsWith(ENGINE_FOLDER)),
    close: async () => {
      // A test that failed half-way leaves a deploy behind.
      for (const { child } of runs) child.kill();
      await Promise.all(runs.map(({ ended }) => ended));
      await rm(root, { recursive: true, force: true });
    },
  };
}

function defaultEnvironment(
  root: string,
  { proxyUrl, keys }: ComponentsPlatform,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: join(root, 'home'),
    HTTPS_PROXY: proxyUrl,
    NODE_EXTRA_CA_CERTS: join(root, 'certificates.pem'),
    TENCENTCLOUD_SECRET_ID: keys.secretId,
    TENCENTCLOUD_SECRET_KEY: keys.secretKey,
    SLS_GEO_LOCATION: 'no-cn',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_DISABLE_AUTO_UPDATE: '1',
    NODE_OPTIONS: `--require ${join(root, 'guard.cjs')}`,
  };
}

/**
 * Makes a script that records where each process connects to, and loads itself into the processes
 * that it starts.
 */
function guardScript(log: string): string {
  return `
    const net = require('node:net');
    const { appendFileSync } = require('node:fs');
    const { connect } = net.Socket.prototype;
    net.Socket.prototype.connect = function (...args) {
      const [options] = Array.isArray(args[0]) ? args[0] : args;
      const { host = 'localhost', port } = typeof options === 'object' ? options : { port: options };
      if (port !== undefined) appendFileSync(${JSON.stringify(log)}, host + ':' + port + '\\n');
      return connect.apply(this, args);
    };
    const children = require('node:child_process');
    const { spawn } = children;
    children.spawn = (command, args, options) =>
      spawn(command, args, options?.env
        ? { ...options, env: { ...options.env, NODE_OPTIONS: process.env.NODE_OPTIONS } }
        : options);
  `;
}
