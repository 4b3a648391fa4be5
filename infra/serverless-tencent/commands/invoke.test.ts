import { afterEach, expect, test } from 'vitest';
import { printAnswer } from './invoke.ts';

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
});

test.each([
  ['{"errCode":0}', before],
  ['{"errCode":"CALLER_REFUSED"}', 1],
  ['{"errCode":-1}', 1],
  ['{"statusCode":401,"body":""}', 1],
  ['{"statusCode":200,"body":""}', before],
  ['null', before],
  ['"text"', before],
])('an answer is printed as it came, and a refusal ends with 1: %s', (answer, code) => {
  const printed: string[] = [];
  printAnswer({ utils: { writeText: (text: string) => printed.push(text) } as never }, answer);
  expect([printed, process.exitCode]).toEqual([[answer], code]);
});
