import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
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
  cloud = await emptyLocalCloud({}, { root: copy.root });
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
/** The version of a function that serves; 0: there is none. */
const versionOf = (name: string) =>
  Number(
    cloud.tencentcloud.deployed().find((one) => one.name === name && one.isDefault)?.version ?? 0,
  );

let ended: AbortSignal;
beforeEach(({ signal }) => {
  output = '';
  ended = signal;
  onTestFailed(() => void process.stderr.write(`the deploy printed:\n${output}\n`));
});

/** Waits as long as the test lasts. */
async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20, undefined, { signal: ended });
}

/** Saves a source; settles once a version of the function serves that came after. */
async function saveAndWait(
  name: string,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  const before = versionOf(name);
  await save(file, change);
  await waitUntil(() => versionOf(name) > before);
}

/** Puts a file back where the test fails, so that the next one finds a project that can be deployed. */
async function keep(file: string): Promise<void> {
  const text = await readFile(join(copy.root, file), 'utf8');
  onTestFailed(() => save(file, () => text));
}
const query = 'functions/queryOrder/index.ts';
const bill = 'functions/downloadBill/index.ts';
let saves = 0;

/** Changes what a source is built to. */
function addCode(text: string): string {
  saves += 1;
  return `${text}\nexport const saved${saves} = ${saves};\n`;
}

test('a saved function is deployed alone', async () => {
  cloud.tencentcloud.forgetCalls();
  await saveAndWait('queryOrder', query, addCode);
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
  const shared = 'shared/usecases/bill/downloadBill.ts';
  await saveAndWait('downloadBill', shared, (text) => `${text}\nconsole.log('saved');\n`);
  const touched = new Set(writesOf(cloud.tencentcloud).map((write) => write.split(' ')[1]));
  expect([...touched]).toEqual(['downloadBill']);
});

test('code that does not build is reported, what was deployed goes on, and the corrected save is deployed', async () => {
  await keep(query);
  const before = versionOf('queryOrder');
  await save(query, (text) => `${text}\nexport const broken = ;\n`);
  await waitUntil(() => output.includes('queryOrder/index.ts'));
  expect(versionOf('queryOrder')).toBe(before);
  await saveAndWait('queryOrder', query, (text) =>
    text.replace('export const broken = ;', 'export const corrected = 1;'),
  );
});

test('a change of serverless.yml is deployed at once, with the function and the collection that it adds', async () => {
  await keep('serverless.yml');
  cloud.tencentcloud.forgetCalls();
  const greet = 'functions/greet/index.cjs';
  await mkdir(join(copy.root, 'functions/greet'));
  await writeFile(join(copy.root, greet), 'exports.main = async () => 1;\n');
  const lines = `  greet: { handler: functions/greet/index.main }
collections: { carts: { acl: PRIVATE } }
`;
  await saveAndWait('greet', 'serverless.yml', (text) => `${text}${lines}`);
  await waitUntil(() => progress.current().state === 'done');
  expect(writesOf(cloud.tencentcloud)).toContain('CreateTable carts');
  await saveAndWait('greet', greet, () => 'exports.main = async () => 2;\n');
});

test('one that cannot be deployed is reported, what was deployed goes on, and the corrected one is deployed', async () => {
  await keep('serverless.yml');
  await save('serverless.yml', (text) => text.replace('handler:', 'handled:'));
  await waitUntil(() => progress.current().state === 'failed');
  await saveAndWait('downloadBill', bill, addCode);
  await saveAndWait('queryOrder', 'serverless.yml', (text) =>
    text.replace('handled:', 'handler:').replace('memorySize: 256', 'memorySize: 512'),
  );
  await waitUntil(() => progress.current().state === 'done');
});

test('a save of serverless.yml that changes nothing deploys nothing', async () => {
  cloud.tencentcloud.forgetCalls();
  await save('serverless.yml', (text) => text);
  await saveAndWait('downloadBill', bill, addCode);
  const touched = new Set(writesOf(cloud.tencentcloud).map((write) => write.split(' ')[1]));
  expect([...touched]).toEqual(['downloadBill']);
});

test('what a function prints has the places of its source, wherever it is read', async () => {
  const text = 'export const main = async () => {\n  console.error(new Error("seen"));\n};\n';
  await saveAndWait('fulfilOrder', 'functions/fulfilOrder/index.ts', () => text);
  await cloud.runner.invoke('fulfilOrder', {}, { kind: 'http' });
  const calls = cloud.world.timeline.recent().filter(({ subject }) => subject === 'fulfilOrder');
  expect(String(calls.at(-1)?.detail?.log)).toContain('functions/fulfilOrder/index.ts:2:17');
});

test('a function that leaves serverless.yml goes on, and the deploy says so', async () => {
  await keep('serverless.yml');
  await save('serverless.yml', (text) => text.replace(/^ {2}quoteOrder:.*\n/m, ''));
  await waitUntil(() => output.includes('✔'));
  expect(output).toMatch(/function quoteOrder +--prune/);
  expect(versionOf('quoteOrder')).toBeGreaterThan(0);
});
