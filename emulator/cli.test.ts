import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';

/** Runs the command line as npm does; answers what it said and its exit code. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'emulator/cli.ts', ...args]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...said };
}

test('exec gives its command a fresh world and its environment, and takes its exit code', async () => {
  const program =
    'fetch(process.env.LOCAL_URL + "/_local/orders").then((a) => a.json()).then((orders) => ' +
    '{ console.log(JSON.stringify({ orders, env: process.env.TCB_ENV })); process.exit(3); })';
  const { code, out } = await run('exec', 'node', '-e', program);
  expect(JSON.parse(out.trim())).toEqual({ orders: [], env: 'local-env' });
  expect(code).toBe(3);
}, 30_000);

test('exec of a program that does not exist says so', async () => {
  expect(await run('exec', 'no-such-program')).toMatchObject({
    code: 127,
    err: expect.stringContaining('no-such-program'),
  });
}, 30_000);

test.each([
  [[], 'npm start'],
  [['exec'], 'exec'],
  [['start', '--prot', '7100'], '--prot'],
  [['start', '--port', 'many'], 'many'],
])(
  '%j is refused by name',
  async (args, named) => {
    const { code, err } = await run(...args);
    expect(code).toBe(1);
    expect(err).toContain(named);
  },
  30_000,
);

test('a taken port is told, with the way out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, err } = await run('start', '--port', String(port), '--data', '.local/taken');
  expect(code).toBe(1);
  expect(err).toContain(`端口 ${port} 已被占用`);
  expect(err).toContain('--port');
  server.close();
}, 30_000);
