/** A program that knows the local cloud by `.env.local` alone, with the real wx-server-sdk: as which caller it calls. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { writeStageFile } from '../../emulator/start/stageFile.ts';
import { openLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
let folder: string;
beforeAll(async () => {
  cloud = await openLocalCloud();
  folder = await mkdtemp(join(tmpdir(), 'script-'));
  writeStageFile(folder, { ...cloud.deployEnvironment(), ...cloud.environment() }, '.local');
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => fetch(`${cloud.url}/_local/reset`, { method: 'POST' }));

/** Runs the program with nothing of this test's own environment, but for the changes. */
async function run(more: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const args = [`--env-file=${join(folder, '.env.local')}`, 'tests/conformance/plainScript.cjs'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH, ...more } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
}

test('it calls as a user of the mini program, who pays for it and refunds nothing', async () => {
  const { placed, asked, refund } = await run();
  expect(placed).toMatchObject({ errCode: 0, outTradeNo: 'SCRIPT0001' });
  expect(asked).toMatchObject({ errCode: 0, state: 'paying' });
  expect(refund).toMatchObject({ errCode: 'CALLER_REFUSED' });
  expect(cloud.wechat.truth('SCRIPT0001')).toMatchObject({ payer: { openid: 'oLocalUser' } });
});

test('without the token it is a program of the cloud, which no function takes unsigned', async () => {
  const { placed } = await run({ WX_API_TOKEN: 'of-a-stranger' });
  expect(placed).toMatchObject({
    errCode: 'CALLER_REFUSED',
    errMsg: expect.stringContaining('wx_client,scf'),
  });
});

test('the token of a function that a user called makes no other program that user', async () => {
  const WX_API_TOKEN = cloud.runner.tokens.give('oPayer0001');
  expect((await run({ WX_API_TOKEN })).placed).toMatchObject({ errCode: 'CALLER_REFUSED' });
});

test('the file is read as Node reads it', async () => {
  expect(await readFile(join(folder, '.env.local'), 'utf8')).toContain("WX_OPENID='oLocalUser'");
});
