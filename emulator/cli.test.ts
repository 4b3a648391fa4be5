import { expect, onTestFinished, test } from 'vitest';
import { functionNames } from '../infra/build/build.ts';
import { startCloudProcess } from '../tests/support/cloudProcess.ts';
import { runCommandLine } from '../tests/support/commandLine.ts';

test('exec gives its command a fresh world, deployed, and its environment, and takes its exit code', async () => {
  const program = `const ask = async (path) => (await fetch(process.env.LOCAL_URL + path)).json();
    Promise.all(['/_local/orders', '/_local/world'].map(ask)).then(([{ orders }, { functions }]) => {
      const names = functions.map(({ name }) => name);
      console.log(JSON.stringify({ orders, names, env: process.env.TCB_ENV }));
      process.exit(3);
    });`;
  const { code, out } = await runCommandLine('exec', 'node', '-e', program);
  const { orders, names, env } = JSON.parse(out.trim());
  expect({ orders, env, code }).toEqual({ orders: [], env: 'local-env', code: 3 });
  expect(names.sort()).toEqual([...functionNames].sort());
});

// Each refusal: arguments.test.ts.
test('what cannot be meant ends the process with its name', async () => {
  const { code, err } = await runCommandLine('start', '--prot', '7100');
  expect([code, err]).toEqual([1, expect.stringContaining('--prot')]);
});

test('a second cloud over the same data is refused, and --fresh on a taken port costs nothing', async () => {
  const first = await startCloudProcess(['--no-deploy']);
  onTestFinished(first.close);
  const { data } = first;
  type Clock = { offsetMs: number };
  const moved = await first.ask<Clock>('POST', 'clock', { advance: 'PT168H', timers: 'none' });
  const second = await runCommandLine('start', '--port', '0', '--data', data, '--fresh');
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('--data') });
  const { port } = new URL(first.url);
  const third = await runCommandLine('start', '--port', port, '--data', data, '--fresh');
  expect(third.code).toBe(1);
  expect(third.err).toContain(`端口 ${port} 已被占用`);
  expect(third.err).toContain('--port');
  await first.killAndRestart();
  expect(moved.offsetMs).toBeGreaterThan(167 * 3_600_000);
  expect((await first.ask<Clock>('GET', 'clock')).offsetMs).toBe(moved.offsetMs);
});
