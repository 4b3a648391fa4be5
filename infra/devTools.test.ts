import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuiltFunction } from './build/build.ts';
import { DEV_TOOLS_FOLDER, writeDevToolsFolder } from './devTools.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'devtools-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const built = (name: string): BuiltFunction => ({
  name,
  file: '',
  code: Buffer.from(`exports.main = async () => '${name}';\n`),
  sources: [],
  weights: {},
});
const at = (...path: string[]) => join(root, DEV_TOOLS_FOLDER, ...path);
const json = async (...path: string[]) => JSON.parse(await readFile(at(...path), 'utf8'));

test('WeChat DevTools finds the code, the entry and the timer of serverless.yml', async () => {
  await writeFile(join(root, 'serverless.yml'), await readFile('serverless.yml'));
  await writeDevToolsFolder(root, [built('closeStaleOrders'), built('unifiedOrder')]);
  expect((await readdir(at())).sort()).toEqual(['closeStaleOrders', 'unifiedOrder']);
  expect(await json('closeStaleOrders', 'config.json')).toEqual({
    permissions: { openapi: [] },
    triggers: [{ name: 'every-minute', type: 'timer', config: '0 * * * * * *' }],
  });
  expect(await json('unifiedOrder', 'config.json')).toEqual({ permissions: { openapi: [] } });
  const { main, dependencies } = await json('unifiedOrder', 'package.json');
  expect(dependencies).toBeUndefined();
  const loaded = createRequire(import.meta.url)(at('unifiedOrder', main));
  expect(await loaded.main()).toBe('unifiedOrder');
});

test('a timer function that serverless.yml leaves to DevTools keeps its trigger', async () => {
  const others = 'functions:\n  unifiedOrder: { handler: functions/unifiedOrder/index.main }\n';
  await writeFile(join(root, 'serverless.yml'), others);
  await writeDevToolsFolder(root, [built('closeStaleOrders'), built('queryOrder')]);
  expect((await json('closeStaleOrders', 'config.json')).triggers).toEqual([
    { name: 'every-minute', type: 'timer', config: '0 * * * * * *' },
  ]);
  expect(await json('queryOrder', 'config.json')).not.toHaveProperty('triggers');
  const off = `${others}  closeStaleOrders: { handler: functions/closeStaleOrders/index.main }\n`;
  await writeFile(join(root, 'serverless.yml'), off);
  await writeDevToolsFolder(root, [built('closeStaleOrders')]);
  expect(await json('closeStaleOrders', 'config.json')).not.toHaveProperty('triggers');
});

test('a timer that is off is left out, and a second one is refused', async () => {
  const timer = (name: string, more = '') =>
    `      - timer: { name: ${name}, cron: '0 0 * * * * *'${more} }\n`;
  const yml = (events: string) =>
    `functions:\n  a:\n    handler: functions/a/index.main\n    events:\n${events}`;
  await writeFile(
    join(root, 'serverless.yml'),
    yml(timer('one') + timer('two', ', enabled: false')),
  );
  await writeDevToolsFolder(root, [built('a')]);
  expect((await json('a', 'config.json')).triggers).toHaveLength(1);
  await writeFile(join(root, 'serverless.yml'), yml(timer('one') + timer('two')));
  await expect(writeDevToolsFolder(root, [built('a')])).rejects.toThrow(/^a: .*DevTools/);
});
