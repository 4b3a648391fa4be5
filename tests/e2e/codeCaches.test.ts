import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { builtCode, projectDeployment } from '../support/deploy/projectDeployment.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';

const names = ['unifiedOrder', 'queryOrder', 'payCallback'];
let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
  const deployment = await projectDeployment(cloud, await builtCode(), cloud.deployEnvironment());
  const functions = deployment.service.functions.filter(({ name }) => names.includes(name));
  const service = { ...deployment.service, functions, codeCache: true };
  await deployAll({ ...deployment, service }, { onStart: () => {}, onDone: () => {} });
});
afterAll(() => cloud.close());

const client = { kind: 'client', openid: 'oPayer', source: 'wx_client' } as const;

test('functions with code caches take an order to its payment, and none says that it has no cache', async () => {
  const files = cloud.runner.functions().map(({ file }) => join(dirname(file), 'bundle.cache'));
  expect(files.map((file) => existsSync(file))).toEqual(names.map(() => true));
  const order = { outTradeNo: 'CACHED001', body: '咖啡', totalFee: 1990 };
  const placed = await cloud.runner.invoke('unifiedOrder', order, client);
  const { payment } = placed.result as { payment: { package: string } };
  cloud.wechat.cashier(payment.package.slice('prepay_id='.length), 'pay');
  await cloud.world.agenda.runDue();
  const queried = await cloud.runner.invoke('queryOrder', { outTradeNo: 'CACHED001' }, client);
  expect(queried.result).toMatchObject({ errCode: 0, tradeState: 'SUCCESS' });
  const callbacks = cloud.world.timeline.recent().filter(({ what }) => what === 'function.call');
  const lines = callbacks.flatMap(({ detail }) => (detail as { log: string[] }).log);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => line.includes('代码缓存'))).toEqual([]);
});
