import { afterEach, beforeEach, expect, test } from 'vitest';
import { remove } from '../../infra/serverless-tencent/commands/remove.ts';
import type {
  CommandContext,
  CommandOptions,
} from '../../infra/serverless-tencent/context/framework.ts';
import { type BareCloud, ENV_ID, openBareCloud } from '../support/bareCloud.ts';
import { deployTo, functionsWith, writesOf } from '../support/deploy/deployCase.ts';

let bare: BareCloud;
beforeEach(async () => {
  bare = await openBareCloud();
  await deployTo(bare);
  bare.cloudbase.put('orders', [{ _id: 'ORDER1' }]);
  bare.tencentcloud.forgetCalls();
});
afterEach(() => bare.close());

/** Runs `serverless remove`; `typed` is what the person answers, where somebody sits there. */
async function runRemove(options: CommandOptions, typed?: string) {
  const printed: string[] = [];
  const say = (text: string) => void printed.push(text);
  const context = {
    framework: {
      service: {
        service: 'wx-pay',
        provider: { region: 'ap-shanghai', envId: ENV_ID, runtime: 'Nodejs20.19' },
        functions: functionsWith({}),
      },
      configurationInput: {},
    },
    textFaults: [],
    options,
    env: bare.env,
    utils: { log: { notice: Object.assign(say, { success: say }), warning: say } },
    wait: async () => undefined,
    ...(typed === undefined ? {} : { ask: async () => typed }),
  } as unknown as CommandContext;
  const refused = await remove(context).then(() => '', String);
  return { printed: printed.join('\n'), refused, writes: writesOf(bare.tencentcloud) };
}

test.each([
  ['without a terminal', undefined, /--yes/],
  ['with another name than the environment’s', 'pay', /未作任何改动/],
  ['with an empty line', '', /未作任何改动/],
])('remove --data %s says what would go, and takes nothing', async (_what, typed, refusal) => {
  const { printed, refused, writes } = await runRemove({ data: true }, typed);
  expect(refused).toMatch(refusal);
  for (const word of [ENV_ID, 'dev', 'payCallback', '/pay/notify', 'orders 1 条']) {
    expect(printed).toContain(word);
  }
  expect(writes).toEqual([]);
});

test('remove without --data names no documents among what goes, and leaves them', async () => {
  const { printed, refused } = await runRemove({}, ENV_ID);
  expect([refused, printed]).toEqual(['', expect.not.stringContaining('orders 1 条')]);
  expect(printed).toContain('集合 orders 已保留，有 1 条数据');
  expect(bare.tencentcloud.deployed()).toEqual([]);
});

test('--yes asks nothing, and nothing is asked where nothing is left', async () => {
  expect((await runRemove({ data: true, yes: true })).refused).toBe('');
  expect(bare.cloudbase.collections()).toEqual([]);
  const { refused, printed } = await runRemove({ data: true });
  expect([refused, printed]).toEqual(['', expect.stringContaining('没有可移除的')]);
  expect(printed).not.toContain('已移除');
});
