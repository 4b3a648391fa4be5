import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import type { FunctionSpec } from '../../emulator/runner/invocation.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { deliveryReadings } from './readings.ts';

let cloud: LocalCloud;
const folder = mkdtempSync(join(tmpdir(), 'started-'));
/** While this file is not there, the merchant's function does not end. */
const gate = join(folder, 'gate');
const openGate = () => writeFileSync(gate, '');
beforeAll(async () => {
  cloud = await openLocalCloud();
}, 60_000);
beforeEach(() => {
  rmSync(gate, { force: true });
  cloud.runner.load(cloud.runner.functions().map(gated));
});
afterEach(() => post('POST', '/_local/reset', {}));
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

/** Makes the merchant's function slower than any callback, which waits for no end of a delivery. */
function gated(spec: FunctionSpec): FunctionSpec {
  if (spec.name !== 'fulfilOrder') return spec;
  const file = join(folder, 'index.js');
  writeFileSync(
    file,
    `const { main } = require(${JSON.stringify(spec.file)});
     const { existsSync } = require('node:fs');
     exports.main = async (event, context) => {
       while (!existsSync(${JSON.stringify(gate)})) {
         await new Promise((resolve) => setTimeout(resolve, 20));
       }
       return main(event, context);
     };`,
  );
  return { ...spec, file };
}

type Answer = Record<string, unknown>;

async function post(method: string, path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const init = { method, headers, body: JSON.stringify(body) };
  return (await (await fetch(`${cloud.url}${path}`, init)).json()) as Answer;
}

async function pay(outTradeNo: string): Promise<void> {
  const data = { outTradeNo, body: '拿铁', totalFee: 1990 };
  const call = { name: 'unifiedOrder', data, openid: 'oPayer0001' };
  const { result } = await post('POST', '/_local/call', call);
  const { package: prepay } = (result as { payment: { package: string } }).payment;
  await post('POST', `/_local/cashier/${prepay.replace('prepay_id=', '')}`, { action: 'pay' });
}

const purchases = () => cloud.cloudbase.documents('purchases') as Answer[];
/** Lists how each call of a function ended, in order. */
const callsOf = (name: string) =>
  cloud.world.timeline
    .recent()
    .filter(({ what, subject }) => what === 'function.call' && subject === name)
    .map(({ detail }) => ((detail as { error?: object }).error ? 'ended' : 'answered'));
/** Lets time pass, in which no timer fires, until what was begun and lost may be begun again. */
const pass = () => post('POST', '/_local/clock', { advance: 'PT1M', timers: 'none' });

test.each(deliveryReadings)('%s: every event arrives, once', async (_, switches) => {
  await post('PUT', '/_local/platform', switches);
  const numbers = ['STARTED0001', 'STARTED0002', 'STARTED0003'];
  await Promise.all(numbers.map(pay));
  await expect.poll(() => callsOf('payCallback'), { timeout: 60_000 }).toHaveLength(3);
  const isLost = switches.startedCalls === 'lost';
  if (!isLost) openGate();
  const isBusy = () => cloud.runner.instances().some(({ busy }) => busy);
  await expect.poll(isBusy, { timeout: 60_000 }).toBe(false);
  const begun = callsOf('deliverEvents');
  expect(begun).toEqual(begun.map(() => (isLost ? 'ended' : 'answered')));
  expect(purchases()).toHaveLength(isLost ? 0 : begun.length);
  openGate();
  await pass();
  await cloud.runner.fireTimer('deliverEvents');
  expect(
    purchases()
      .map(({ _id }) => _id)
      .sort(),
  ).toEqual(numbers);
  const open = cloud.cloudbase.documents('orders').filter((one) => (one as Answer).deliveryAt);
  expect(open).toEqual([]);
  const attempts = callsOf('fulfilOrder').filter((end) => end === 'answered');
  expect(attempts).toHaveLength(3);
});
