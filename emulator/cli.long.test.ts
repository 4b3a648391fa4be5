import { expect, test } from 'vitest';
import { runCommandLine } from '../tests/support/commandLine.ts';

test('exec of a program that does not exist says so', async () => {
  expect(await runCommandLine('exec', 'no-such-program')).toMatchObject({
    code: 127,
    err: expect.stringContaining('no-such-program'),
  });
});
