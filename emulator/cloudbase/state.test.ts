import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tcb from '@cloudbase/node-sdk';
import { afterAll, expect, test } from 'vitest';
import { ENV_ID, startHarness } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudbase-'));
afterAll(() => rmSync(folder, { recursive: true }));

const db = tcb.init({ env: ENV_ID }).database();
const _ = db.command;
const indexes = [{ name: 'no', keys: { no: 1 as const }, unique: true, sparse: true }];

test('documents, collections and indexes are there after a restart', async () => {
  const file = join(folder, 'restart');
  const first = await startHarness(file);
  Object.assign(process.env, first.environment);
  first.cloudbase.createCollection('orders', indexes);
  const at = new Date(1_700_000_000_000);
  await db
    .collection('orders')
    .add({ _id: 'T1', no: 'R1', at, big: 2 ** 40, list: [1, { a: null }] });
  await db.collection('orders').add([{ _id: 'T3' }, { _id: 'T2' }] as never);
  await db
    .collection('orders')
    .doc('T1')
    .update({ n: _.inc(1) });
  await db.collection('orders').doc('T3').remove();
  const open = await db.startTransaction();
  await open.collection('orders').doc('T2').update({ n: 9 });
  await first.close();

  const second = await startHarness(file);
  Object.assign(process.env, second.environment);
  expect((await db.collection('orders').get()).data).toEqual([
    { _id: 'T1', no: 'R1', at, big: 2 ** 40, list: [1, { a: null }], n: 1 },
    { _id: 'T2' },
  ]);
  await expect(db.collection('orders').add({ no: 'R1' })).rejects.toMatchObject({
    code: 'DATABASE_DUPLICATE_WRITE',
  });
  await expect(open.commit()).rejects.toMatchObject({ code: 'DATABASE_TRANSACTION_FAIL' });
  expect(second.cloudbase.collections()).toEqual([{ name: 'orders', count: 2, indexes }]);
  await second.close();
});

test('what was answered survives kill -9 under load', async () => {
  const file = join(folder, 'killed');
  const child = startProcess(file);
  Object.assign(process.env, await firstMessage(child));
  await db.createCollection('orders');
  const acknowledged: string[] = [];
  let isAlive = true;
  const writer = async (lane: number) => {
    for (let n = 0; isAlive; n += 1) {
      const _id = `${lane}-${n}`;
      const written = db.collection('orders').add({ _id, version: 1 });
      if (
        await written.then(
          () => true,
          () => false,
        )
      )
        acknowledged.push(_id);
      if (acknowledged.length === 200) isAlive = !child.kill('SIGKILL');
    }
  };
  await Promise.all([0, 1, 2, 3].map(writer));

  const again = await startHarness(file);
  const kept = again.cloudbase.documents('orders', 10_000) as { _id: string; version: number }[];
  const ids = new Set(kept.map(({ _id }) => _id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(kept.every(({ version }) => version === 1)).toBe(true);
  await again.close();
});

/** Starts a CloudBase in a process of its own, which tells the SDKs' environment. */
function startProcess(file: string): ChildProcess {
  const harness = JSON.stringify(new URL('./harness.ts', import.meta.url).href);
  const script = `const { startHarness } = await import(${harness});
    process.send((await startHarness(process.argv[1])).environment);`;
  const flags = ['--import', 'tsx', '--input-type=module', '--eval', script, file];
  return spawn(process.execPath, flags, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function firstMessage(child: ChildProcess): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Record<string, string>));
    child.once('error', reject);
  });
}
