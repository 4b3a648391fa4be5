import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { World } from '../../world/world.ts';
import { USUAL_SWITCHES } from './switches.ts';
import { createTokens } from './tokens.ts';

const tokensOf = (first = {}) => createTokens({ randomBytes } as World, first);

test('a token is known for whom it was given, and no other is known', () => {
  const tokens = tokensOf();
  const payer = tokens.give('oPayer');
  const timer = tokens.give();
  expect(tokens.holder(payer)).toEqual({ openid: 'oPayer' });
  expect(tokens.holder(timer)).toEqual({});
  expect(tokens.holder(`${payer}x`)).toBeUndefined();
  expect(tokens.holder('')).toBeUndefined();
});

test('memory is bounded: the oldest token is forgotten', () => {
  const tokens = tokensOf();
  const first = tokens.give('oFirst');
  const second = tokens.give('oSecond');
  const script = tokens.giveScript('oScript');
  for (let i = 0; i < 9_999; i += 1) tokens.give();
  expect(tokens.holder(script)).toEqual({ openid: 'oScript', isScript: true });
  expect(tokens.holder(first)).toBeUndefined();
  expect(tokens.holder(second)).toEqual({ openid: 'oSecond' });
});

test('switches are as usual, change one by one, and go back to how the cloud was started', () => {
  const off = tokensOf();
  expect(off.switches()).toEqual(USUAL_SWITCHES);
  const tokens = tokensOf({ devtoolsTimers: true });
  expect(tokens.switches({ callbackTokens: true })).toEqual({
    ...USUAL_SWITCHES,
    devtoolsTimers: true,
    callbackTokens: true,
  });
  expect(tokens.switches({ devtoolsTimers: false })).toMatchObject({ callbackTokens: true });
  tokens.reset();
  expect(tokens.switches()).toEqual({ ...USUAL_SWITCHES, devtoolsTimers: true });
});
