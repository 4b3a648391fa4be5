import { expect, test } from 'vitest';
import { functionNames } from '../../infra/build/build.ts';
import { commandLine } from '../support/commandLine.ts';

test('an unmodified tencentcloud-sdk-nodejs lists and invokes what serverless deploy deployed', async () => {
  const script = 'tests/conformance/tencentcloud.cjs';
  const { code, out, err } = await commandLine('exec', 'node', script);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  const seen = JSON.parse(out.trim().split('\n').at(-1) ?? '{}');
  expect(seen.functions.sort()).toEqual(
    functionNames.map((name) => [name, 'Nodejs20.19', 'Active']).sort(),
  );
  expect(seen.environment).toEqual([['local-env', 'NORMAL']]);
  expect(seen.placed).toMatchObject({ errCode: 0, outTradeNo: 'SDK0000001' });
  expect(seen.asked).toMatchObject({ errCode: 0, tradeState: 'NOTPAY', totalFee: 1990 });
  expect(seen.missing).toBe('ResourceNotFound.Function');
}, 60_000);
