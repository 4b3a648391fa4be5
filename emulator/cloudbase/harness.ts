import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ConnectionReset } from '../world/connectionReset.ts';
import { newRsaKey, openWorld, type World } from '../world/world.ts';
import { type CloudBase, type CloudBaseOptions, createCloudBase } from './cloudbase.ts';

/** A request as it arrived. */
export interface SentRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** A local CloudBase behind a real socket, for tests with the real SDKs. */
export interface Harness {
  world: World;
  cloudbase: CloudBase;
  /** A function of the cloud finds these in its environment; they redirect the SDKs. */
  environment: Record<string, string>;
  /** Moves real time, as a process would see it that was suspended. */
  skipMs(ms: number): void;
  /** The last request, to be sent again in another shape. */
  last(): SentRequest;
  close(): Promise<void>;
}

export const ENV_ID = 'local-env';
export const KEY_PAIR = { secretId: 'AKIDlocal', secretKey: 'sk-local', token: 'token-local' };
export const PERMANENT = { secretId: 'AKIDpermanent', secretKey: 'sk-permanent' };

/** Starts a CloudBase over `file` on a free port of this machine. */
export async function startHarness(
  file = ':memory:',
  overrides: Partial<CloudBaseOptions> = {},
): Promise<Harness> {
  let skippedMs = 0;
  const world = openWorld({
    rsaKey: newRsaKey,
    file,
    randomBytes,
    realMs: () => Date.now() + skippedMs,
    waitMs: (ms) => wait(ms),
    chance: () => 0,
  });
  const cloudbase = createCloudBase(world, {
    envId: ENV_ID,
    credentials: (id) => [KEY_PAIR, PERMANENT].find(({ secretId }) => secretId === id),
    invoke: async ({ name, data, source }) => ({ result: { name, data, source } }),
    ...overrides,
  });
  let last: SentRequest = { url: '', headers: {}, body: '' };
  const server = createServer(async (incoming, outgoing) => {
    last = await readRequest(incoming);
    await answer(cloudbase, last, outgoing);
  });
  // As the local cloud's own: no SDK finds its connection dead, however long a test stands still.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    world,
    cloudbase,
    environment: environmentOf(port),
    skipMs: (ms) => {
      skippedMs += ms;
    },
    last: () => last,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      world.data.close();
    },
  };
}

function environmentOf(port: number): Record<string, string> {
  return {
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `http://127.0.0.1:${port}/admin` }),
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    TENCENTCLOUD_SECRETID: KEY_PAIR.secretId,
    TENCENTCLOUD_SECRETKEY: KEY_PAIR.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: KEY_PAIR.token,
    SCF_NAMESPACE: ENV_ID,
    TCB_ENV: ENV_ID,
  };
}

// Text is enough here: no test sends bytes that are no UTF-8.
async function readRequest(incoming: IncomingMessage): Promise<SentRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    url: `http://${incoming.headers.host}${incoming.url}`,
    headers: incoming.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

async function answer(
  cloudbase: CloudBase,
  { url, headers, body }: SentRequest,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await cloudbase.handle(new Request(url, { method: 'POST', headers, body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error;
    outgoing.socket?.destroy();
  }
}
