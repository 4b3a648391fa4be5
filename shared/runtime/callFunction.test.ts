import { expect, test } from 'vitest';
import { callFunction } from './callFunction.ts';

const called = { name: 'deliverEvents', data: { Type: 'Timer' } };
const answering = (answer: object) => ({ callFunction: async () => answer as never });

test('the answer of a function is what it resolves to', async () => {
  const app = answering({ requestId: 'r1', result: { errCode: 0 } });
  expect(await callFunction(app, called, 1000)).toEqual({ errCode: 0 });
});

test('a refusal of the platform that the SDK answers is thrown by its code', async () => {
  const app = answering({ requestId: 'r1', code: 'FUNCTION_NOT_FOUND', message: 'none' });
  await expect(callFunction(app, called, 1000)).rejects.toMatchObject({
    code: 'FUNCTION_NOT_FOUND',
    message: 'none',
  });
});
