import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startCloudProcess } from '../tests/support/cloudProcess.ts';
import { commandLine } from '../tests/support/commandLine.ts';

test('exec gives its command a fresh world and its environment, and takes its exit code', async () => {
  const program =
    'fetch(process.env.LOCAL_URL + "/_local/orders").then((a) => a.json()).then((orders) => ' +
    '{ console.log(JSON.stringify({ orders, env: process.env.TCB_ENV })); process.exit(3); })';
  const { code, out } = await commandLine('exec', 'node', '-e', program);
  expect(JSON.parse(out.trim())).toEqual({ orders: [], env: 'local-env' });
  expect(code).toBe(3);
}, 30_000);

test('exec of a program that does not exist says so', async () => {
  expect(await commandLine('exec', 'no-such-program')).toMatchObject({
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
    const { code, err } = await commandLine(...args);
    expect(code).toBe(1);
    expect(err).toContain(named);
  },
  30_000,
);

test('a second cloud over the same data is refused, and --fresh on a taken port costs nothing', async () => {
  const data = '.local/shared-data';
  const first = await startCloudProcess(data);
  const order = { outTradeNo: 'SHARED0001', body: '咖啡', totalFee: 1 };
  await first.ask('POST', 'call', { name: 'unifiedOrder', data: order });
  const second = await commandLine('start', '--port', '0', '--data', data, '--fresh');
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('--data') });
  const { port } = new URL(first.url);
  const third = await commandLine('start', '--port', port, '--data', data, '--fresh');
  expect(third).toMatchObject({ code: 1, err: expect.stringContaining(port) });
  await first.killAndRestart();
  expect(await first.ask<unknown[]>('GET', 'orders')).toHaveLength(1);
  await first.close();
}, 60_000);

test('a taken port is told, with the way out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, err } = await commandLine(
    'start',
    '--port',
    String(port),
    '--data',
    '.local/taken',
  );
  expect(code).toBe(1);
  expect(err).toContain(`端口 ${port} 已被占用`);
  expect(err).toContain('--port');
  server.close();
}, 30_000);
