import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { deployProject } from '../../emulator/start/deploy.ts';
import { writesOf } from '../support/deploy/deployCase.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';
import { copyProject } from '../support/projectCopy.ts';

let cloud: LocalCloud;
let copy: Awaited<ReturnType<typeof copyProject>>;
let stop: () => Promise<void>;
let output = '';
beforeAll(async () => {
  copy = await copyProject();
  cloud = await emptyLocalCloud();
  const write = (text: string) => {
    output += text;
  };
  stop = await deployProject(cloud, { root: copy.root, env: process.env, watch: true, write });
});
afterAll(async () => {
  await stop();
  await cloud.close();
  await copy.remove();
});

/** Saves a source as an editor does that writes beside it and renames. */
async function save(file: string, change: (text: string) => string): Promise<void> {
  const path = join(copy.root, file);
  await writeFile(`${path}.new`, change(await readFile(path, 'utf8')));
  await rename(`${path}.new`, path);
}
const versions = () =>
  Object.fromEntries(
    cloud.tencentcloud.deployed().flatMap(({ name, version, isDefault }) => {
      return isDefault ? [[name, version] as const] : [];
    }),
  );
async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}
const query = 'functions/queryOrder/index.ts';

test('a saved function is deployed alone', async () => {
  cloud.tencentcloud.forgetCalls();
  await save(query, (text) => `${text}\nexport const saved = 1;\n`);
  await waitUntil(() => versions().queryOrder === '2');
  expect(writesOf(cloud.tencentcloud)).toEqual([
    'UpdateFunctionCode queryOrder',
    'UpdateFunctionConfiguration queryOrder',
    'PublishVersion queryOrder',
    'UpdateAlias queryOrder',
  ]);
});

test('a save that changes no code deploys nothing; shared code deploys those that have it', async () => {
  cloud.tencentcloud.forgetCalls();
  await save(query, (text) => `${text}\n// a comment\n`);
  await save('shared/usecases/bill/downloadBill.ts', (text) => `${text}\nconsole.log('saved');\n`);
  await waitUntil(() => versions().downloadBill === '2');
  const touched = new Set(writesOf(cloud.tencentcloud).map((write) => write.split(' ')[1]));
  expect([...touched]).toEqual(['downloadBill']);
});

test('code that does not build is reported, what was deployed goes on, and the corrected save is deployed', async () => {
  output = '';
  await save(query, (text) => `${text}\nexport const broken = ;\n`);
  await waitUntil(() => output.includes('queryOrder/index.ts'));
  expect(versions().queryOrder).toBe('2');
  await save(query, (text) =>
    text.replace('export const broken = ;', 'export const corrected = 1;'),
  );
  await waitUntil(() => versions().queryOrder === '3');
});

test('a change of serverless.yml, which needs another start, is reported; a save without one is not', async () => {
  output = '';
  await save('serverless.yml', (text) => text);
  await save(query, (text) => `${text}\nexport const another = 2;\n`);
  await waitUntil(() => versions().queryOrder === '4');
  expect(output).not.toContain('serverless.yml');
  await save('serverless.yml', (text) => text.replace('memorySize: 256', 'memorySize: 512'));
  await waitUntil(() => output.includes('serverless.yml 已改变'));
});
