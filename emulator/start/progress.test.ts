import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
});
afterAll(() => cloud.close());

async function ask(path: string, body?: object) {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(`${cloud.url}${path}`, init);
  return { status: answer.status, text: await answer.text() };
}
const jsonOf = async (path: string, body?: object) => JSON.parse((await ask(path, body)).text);
const purchase = { name: 'unifiedOrder', data: { totalFee: 1 }, openid: 'oLocalUser' };

test('while it is deployed the page answers, counts, and says so of what is bought', async () => {
  cloud.deployProgress.begin();
  expect((await jsonOf('/_local/call', purchase)).error).toEqual({
    code: 'BEING_DEPLOYED',
    message: '正在部署，请稍候 (being deployed: wait a moment)',
  });
  cloud.deployProgress.step({ done: 3, total: 9 });
  expect((await jsonOf('/_local/call', purchase)).error.message).toContain('3/9');
  expect((await ask('/')).text).toContain('id="root"');
  expect(await jsonOf('/_local/orders')).toMatchObject({ total: 0 });
  const { deploy, functions } = await jsonOf('/_local/world');
  expect({ deploy, functions }).toEqual({
    deploy: { state: 'running', done: 3, total: 9 },
    functions: [],
  });
  const steps = cloud.world.timeline.recent().filter(({ what }) => what === 'deploy.progress');
  expect(steps.map(({ detail }) => detail?.done)).toEqual([0, 3]);
});

test('after it, what is not there is not there', async () => {
  cloud.deployProgress.end('done');
  expect((await jsonOf('/_local/call', purchase)).error.code).toBe('FUNCTION_NOT_FOUND');
});
