import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import { Client as TcbClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tcb/v20180608/tcb_client.js';
import type { HttpRequest, HttpResponse } from '../world/wire/http.ts';
import { newRsaKey, openWorld, type World } from '../world/world.ts';
import type { TableHost, TableIndex, TencentCloudOptions } from './options.ts';
import { createTencentCloud, type TencentCloud } from './tencentcloud.ts';

/** Serves a handler over HTTP; tests pass that of the emulator. */
type Listen = (
  handler: (request: HttpRequest) => Promise<HttpResponse>,
  port: number,
) => Promise<{ port: number; close(): Promise<void> }>;

export const ENV_ID = 'local-env';
export const REGION = 'ap-shanghai';
export const DOMAIN = `${ENV_ID}.${REGION}.app.tcloudbase.com`;
export const BUCKET = `${ENV_ID}-storage`;
export const KEY_PAIR = { secretId: 'AKIDlocal', secretKey: 'sk-local', token: 'token-local' };

/** A Tencent Cloud API behind a real socket, with the unmodified SDK in front of it. */
export interface Harness {
  world: World;
  cloud: TencentCloud;
  scf: ScfClient;
  tcb: TcbClient;
  /** For actions that the typed client lacks. */
  common: CommonClient;
  /** A client of scf with another key, region or version. */
  other(change: Partial<ClientConfig>, version?: string): CommonClient;
  /**
   * Lets work that takes its time (Creating, building an index) last until the answer is called.
   */
  hold(): () => void;
  /** Counts how often `changed` was called. */
  changes(): number;
  port: number;
  codeFolder: string;
  close(): Promise<void>;
}

/** A harness has its data here: a restart is another harness over the same place. */
export interface DataPlace {
  file: string;
  codeFolder: string;
  remove(): Promise<void>;
}

/** Makes a fresh folder for a data file and unpacked code. */
export async function newDataPlace(): Promise<DataPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'tencentcloud-'));
  return {
    file: join(folder, 'data.db'),
    codeFolder: join(folder, 'code'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Starts the API over `place` on a free port of this machine. */
export async function startHarness(
  listen: Listen,
  place: DataPlace,
  overrides: Partial<TencentCloudOptions> = {},
): Promise<Harness> {
  const delay = createDelay();
  const world = openWorld({
    rsaKey: newRsaKey,
    file: place.file,
    randomBytes,
    realMs: Date.now,
    waitMs: delay.waitMs,
    chance: () => 0,
  });
  let changes = 0;
  const changed = () => {
    changes += 1;
  };
  const { codeFolder } = place;
  const cloud = createTencentCloud(world, { ...optionsOf(codeFolder), changed, ...overrides });
  const { port, close } = await listen(cloud.handle, 0);
  return {
    world,
    cloud,
    port,
    codeFolder,
    changes: () => changes,
    ...clientsOf(port),
    hold: delay.hold,
    close: async () => {
      await close();
      world.data.close();
    },
  };
}

/** Builds a wait that lasts, once held, until it is released. */
function createDelay() {
  let held: Promise<void> | undefined;
  return {
    waitMs: async (ms: number) => {
      await wait(ms, undefined, { ref: false });
      await held;
    },
    hold: () => {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = undefined;
        release();
      };
    },
  };
}

function optionsOf(codeFolder: string): Omit<TencentCloudOptions, 'changed'> {
  return {
    envId: ENV_ID,
    region: REGION,
    domain: DOMAIN,
    codeFolder,
    stateMs: 5,
    credentials: (id) => (id === KEY_PAIR.secretId ? KEY_PAIR : undefined),
    database: memoryTables(),
    invoke: async ({ name, version, event }) => ({
      requestId: 'r1',
      durationMs: 1.5,
      log: ['one', 'two'],
      result: { name, version, event },
    }),
    logs: () => [],
  };
}

function clientsOf(port: number) {
  const agent = new Agent({
    lookup: (_host, options, found) =>
      options.all
        ? found(null, [{ address: '127.0.0.1', family: 4 }])
        : found(null, '127.0.0.1', 4),
  });
  const configOf = (service: string, change: Partial<ClientConfig> = {}): ClientConfig => {
    const endpoint = `${service}.tencentcloudapi.com:${port}`;
    const profile = { httpProfile: { protocol: 'http://' as const, endpoint, agent } };
    return { credential: KEY_PAIR, region: REGION, profile, ...change };
  };
  const scfHost = 'scf.tencentcloudapi.com';
  return {
    scf: new ScfClient(configOf('scf')),
    tcb: new TcbClient(configOf('tcb')),
    common: new CommonClient(scfHost, '2018-04-16', configOf('scf')),
    other: (change: Partial<ClientConfig>, version = '2018-04-16') =>
      new CommonClient(scfHost, version, configOf('scf', change)),
  };
}

/** Zips files by path, in base64 as the API takes it. */
export function zipOf(files: Record<string, string>): string {
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries))).toString('base64');
}

/** Builds tables in memory; a table named `full` holds duplicates. */
function memoryTables(): TableHost {
  const tables = new Map<string, TableIndex[]>();
  const of = (name: string) => tables.get(name) ?? [];
  return {
    tables: () => [...tables].map(([name, indexes]) => ({ name, count: 3, indexes })),
    createTable: (name) => void tables.set(name, []),
    createIndex: (table, index) => {
      if (index.unique && table === 'full') {
        throw Object.assign(new Error('duplicates'), { code: 'DATABASE_DUPLICATE_WRITE' });
      }
      tables.set(table, [...of(table), index]);
    },
    dropIndex: (table, name) =>
      void tables.set(
        table,
        of(table).filter((index) => index.name !== name),
      ),
    dropTable: (name) => void tables.delete(name),
  };
}
