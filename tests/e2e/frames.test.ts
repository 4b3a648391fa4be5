import { expect, test } from 'vitest';
import { unifiedOrder } from '../../shared/contract/order/unifiedOrder.ts';
import { createApiV3 } from '../../shared/gateway/apiV3/client.ts';
import type { Transport } from '../../shared/ports/transport.ts';
import { pipeline } from '../../shared/runtime/invocation/pipeline.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';
import { memoryDeps } from '../support/useCases.ts';
import { keys, signedAnswer } from '../support/wechatSide.ts';

const API_URL = 'https://api.mch.weixin.qq.com';
const NOTIFY_URL = 'https://pay.example.com/notify';

/** Places an order through the whole function, and answers our frames when its request leaves. */
async function framesToTheWire(): Promise<string[]> {
  const { deps } = memoryDeps();
  let frames: string[] = [];
  const transport: Transport = async () => {
    frames = ourFrames(new Error('where are we').stack ?? '');
    return signedAnswer(200, JSON.stringify({ prepay_id: 'wx1' }), deps.clock.now());
  };
  const gateway = createApiV3({
    keys,
    transport,
    now: deps.clock.now,
    randomBytes: deps.randomBytes,
    apiUrl: API_URL,
    notifyUrl: NOTIFY_URL,
    refundNotifyUrl: NOTIFY_URL,
  });
  const main = pipeline(unifiedOrder, placeOrder, {
    config: { adminOpenids: [], serviceKeys: [], appid: 'wx1' },
    depsOf: () => ({ ...deps, gatewayOf: () => gateway }),
    clock: deps.clock,
    print: () => {},
  });
  const context = { environment: '{"WX_OPENID":"oPayer","TCB_SOURCE":"wx_client"}' };
  const answer = await main({ body: '咖啡', totalFee: 1990 }, context);
  expect(answer).toMatchObject({ errCode: 0 });
  return frames;
}

/** The functions of ours in a stack, from the entry on; the transport itself is the last. */
function ourFrames(stack: string): string[] {
  const ours = stack.split('\n').filter((line) => line.includes('/shared/'));
  const names = ours.map((line) => /at (?:async )?(?:\w+\.)?(\S+) \(/.exec(line)?.[1] ?? 'main');
  return [...names.reverse(), 'transport'];
}

test('from a function to the wire there are twelve frames, and each says what it does', async () => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const frames = await framesToTheWire().finally(() => {
    Error.stackTraceLimit = before;
  });
  // Before them stand `main` and `runUseCase` of the pipeline, which only hand on and await nothing.
  expect(frames).toEqual([
    'logLateEnd',
    'runThenDeliver',
    'placeOrder',
    'completePlacing',
    'obtainPrepay',
    'retryUnchanged',
    'requestPrepay',
    'callApi',
    'send',
    'transport',
  ]);
});
