import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { deployProject } from '../../emulator/start/deploy.ts';
import type { DeployProgress } from '../../emulator/start/progress.ts';
import { writesOf } from '../support/deploy/deployCase.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';
import { copyProject } from '../support/projectCopy.ts';

let cloud: LocalCloud;
let copy: Awaited<ReturnType<typeof copyProject>>;
let stop: () => Promise<void>;
let output = '';
let progress: DeployProgress;
beforeAll(async () => {
  copy = await copyProject();
  cloud = await emptyLocalCloud({}, copy.root);
  const write = (text: string) => {
    output += text;
  };
  progress = cloud.deployProgress;
  const { root } = copy;
  stop = await deployProject(cloud, { root, env: process.env, watch: true, progress, write });
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
    'UpdateFunctionConfiguration queryOrder',
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

test('a change of serverless.yml is deployed at once, with the function and the collection that it adds', async () => {
  cloud.tencentcloud.forgetCalls();
  await mkdir(join(copy.root, 'functions/greet'));
  await writeFile(join(copy.root, 'functions/greet/index.cjs'), 'exports.main = async () => 1;\n');
  const greet = '  greet: { handler: functions/greet/index.main }\n';
  await save(
    'serverless.yml',
    (text) => `${text}${greet}collections: { carts: { acl: PRIVATE } }\n`,
  );
  await waitUntil(() => versions().greet === '1' && progress.current().state === 'done');
  expect(writesOf(cloud.tencentcloud)).toContain('CreateTable carts');
  await save('functions/greet/index.cjs', () => 'exports.main = async () => 2;\n');
  await waitUntil(() => versions().greet === '2');
});

test('one that cannot be deployed is reported, what was deployed goes on, and the corrected one is deployed', async () => {
  await save('serverless.yml', (text) => text.replace('acl: PRIVATE', 'acl: UNKNOWN'));
  await waitUntil(() => progress.current().state === 'failed');
  await save('functions/greet/index.cjs', () => 'exports.main = async () => 3;\n');
  await waitUntil(() => versions().greet === '3');
  await save('serverless.yml', (text) =>
    text.replace('acl: UNKNOWN', 'acl: PRIVATE').replace('memorySize: 256', 'memorySize: 512'),
  );
  await waitUntil(() => versions().queryOrder === '4' && progress.current().state === 'done');
});

test('a save of serverless.yml that changes nothing deploys nothing', async () => {
  cloud.tencentcloud.forgetCalls();
  await save('serverless.yml', (text) => text);
  await save('functions/greet/index.cjs', () => 'exports.main = async () => 4;\n');
  await waitUntil(() => versions().greet === '5');
  const touched = new Set(writesOf(cloud.tencentcloud).map((write) => write.split(' ')[1]));
  expect([...touched]).toEqual(['greet']);
});

test('what a function prints has the places of its source, wherever it is read', async () => {
  const text = 'exports.main = async () => {\n  console.error(new Error("seen"));\n};\n';
  await save('functions/greet/index.cjs', () => text);
  await waitUntil(() => versions().greet === '6');
  await cloud.runner.invoke('greet', {}, { kind: 'http' });
  const calls = cloud.world.timeline.recent().filter(({ subject }) => subject === 'greet');
  expect(String(calls.at(-1)?.detail?.log)).toContain('functions/greet/index.cjs:2:17');
});
