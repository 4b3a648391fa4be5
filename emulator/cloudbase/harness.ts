import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ConnectionReset } from '../world/connectionReset.ts';
import { newRsaKey } from '../world/rsaKey.ts';
import { openWorld, type World } from '../world/world.ts';
import { type CloudBase, type CloudBaseOptions, createCloudBase } from './cloudbase.ts';

/** A request as it arrived. */
export interface Sent {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** A local CloudBase behind a real socket, for tests with the real SDKs. */
export interface Harness {
  world: World;
  cloudbase: CloudBase;
  /** What a function of the cloud finds in its environment; enough to redirect the SDKs. */
  environment: Record<string, string>;
  /** Moves real time, as a process would see it that was suspended. */
  skipMs(ms: number): void;
  /** The last request, to be sent again in another shape. */
  last(): Sent;
  close(): Promise<void>;
}

export const envId = 'local-env';
export const keyPair = { secretId: 'AKIDlocal', secretKey: 'sk-local', token: 'token-local' };

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
    envId,
    credentials: (id) => (id === keyPair.secretId ? keyPair : undefined),
    invoke: async ({ name, data, source }) => ({ result: { name, data, source } }),
    ...overrides,
  });
  let last: Sent = { url: '', headers: {}, body: '' };
  const server = createServer(async (incoming, outgoing) => {
    last = await received(incoming);
    await answer(cloudbase, last, outgoing);
  });
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
    TENCENTCLOUD_SECRETID: keyPair.secretId,
    TENCENTCLOUD_SECRETKEY: keyPair.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: keyPair.token,
    SCF_NAMESPACE: envId,
    TCB_ENV: envId,
  };
}

// Text is enough here: no test sends bytes that are no UTF-8.
async function received(incoming: IncomingMessage): Promise<Sent> {
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
  { url, headers, body }: Sent,
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
