import { describe, expect, test } from 'vitest';
import {
  type CallerKind,
  callersOf,
  callersOfSamples,
  type FunctionName,
} from '../../shared/contract/callers.ts';
import { chanceOf, seedOfRun } from '../support/chance.ts';
import { type Attempt, MAY, numbersIn, OTHERS, type Outcome, OWN, play, SECRET } from './matrix.ts';

const kinds: CallerKind[] = [
  'user',
  'admin',
  'service',
  'timer',
  'self',
  'wechat',
  'http',
  'other',
  'backend',
];
const names = Object.keys(MAY) as FunctionName[];
const whose = ['own', 'others'] as const;
/** The functions of a payer, whom a shop that quotes has buy carts. */
const OF_A_PAYER: FunctionName[] = ['unifiedOrder', 'queryOrder', 'closeOrder', 'queryRefund'];
const everyPairIn = (priceSource: Attempt['priceSource'], of: FunctionName[]): Attempt[] =>
  kinds.flatMap((kind) =>
    of.flatMap((name) => whose.map((one) => ({ kind, name, whose: one, priceSource }))),
  );
const everyPair = [...everyPairIn('service', names), ...everyPairIn('quote', OF_A_PAYER)];

/** How many random attempts: more by `npm run callers`. */
const ATTEMPTS = Number(process.env.CALLERS ?? 1000);

/** Plays an attempt twice by the same chances: where the stranger's order is, and where it is not. */
async function twins(attempt: Attempt, seed: number): Promise<{ there: Outcome; none: Outcome }> {
  const there = await play(attempt, chanceOf(seed), { hasOthers: true });
  const none = await play(attempt, chanceOf(seed), { hasOthers: false });
  return { there, none };
}

/** Expects what a caller may see and do, and nothing more. */
async function expectNoLeak(attempt: Attempt, seed: number): Promise<void> {
  const { kind, name, priceSource } = attempt;
  const { there, none } = await twins(attempt, seed);
  const what = `${kind} ${name} ${attempt.whose} ${priceSource} ${seed}`;
  if (!MAY[name].includes(kind)) {
    expect(there.answer, what).toMatchObject({ errCode: 'CALLER_REFUSED', advice: 'never' });
    expect(there, what).toMatchObject({ storeCalls: [], weChatCalls: [], hasWritten: false });
    expect(there.answer, what).toEqual(none.answer);
    return;
  }
  expect(there.answer.errCode, what).not.toBe('CALLER_REFUSED');
  if (kind !== 'user' && kind !== 'http') return;
  expect(there, what).toEqual(none);
  if (attempt.whose === 'own') return;
  expect(there.hasChangedOthers, what).toBe(false);
  // Who names a stranger's number where the shop quotes is sold their own cart.
  const isSold = priceSource === 'quote' && name === 'unifiedOrder';
  if (!isSold) expect(there, what).toMatchObject({ weChatCalls: [], hasWritten: false });
  const shown = JSON.stringify(there.answer);
  for (const secret of [SECRET, OTHERS.transactionId, 'oStranger']) {
    // What the caller named may come back.
    expect(shown.replaceAll(`"${OTHERS.transactionId}"`, ''), what).not.toContain(secret);
  }
}

describe('every kind of caller at every function', () => {
  test.each(everyPair)('$kind $name, an order $whose, price by $priceSource', async (attempt) => {
    for (let seed = 0; seed < 6; seed += 1) await expectNoLeak(attempt, seed);
  });

  test('the payer gets their own order, and an admin and the server get any', async () => {
    for (const [kind, one] of [
      ['user', 'own'],
      ['admin', 'others'],
      ['service', 'others'],
    ] as const) {
      const codes = new Set<unknown>();
      for (let seed = 0; seed < 40; seed += 1) {
        const attempt = {
          kind,
          name: 'queryOrder',
          whose: one,
          priceSource: 'service',
        } as const;
        codes.add((await play(attempt, chanceOf(seed), { hasOthers: true })).answer.errCode);
      }
      expect([...codes], kind).toContain(0);
    }
  });

  test('where the shop quotes, a payer who names a stranger’s order buys their own cart', async () => {
    const bought: unknown[] = [];
    for (let seed = 0; seed < 40; seed += 1) {
      const name = 'unifiedOrder';
      const attempt = { kind: 'user', name, whose: 'others', priceSource: 'quote' } as const;
      const { answer, weChatCalls } = await play(attempt, chanceOf(seed), { hasOthers: true });
      if (answer.errCode !== 0) continue;
      bought.push(answer.outTradeNo);
      expect(weChatCalls.join()).not.toContain(numbersIn('quote', OTHERS).outTradeNo);
    }
    expect(bought).not.toEqual([]);
    const cart = numbersIn('quote', OWN).outTradeNo.replace(/_1$/, '');
    for (const outTradeNo of bought) expect(outTradeNo).toContain(cart);
  });

  test('nobody but an admin and the server lists or decides, and both reach any order', async () => {
    for (const kind of ['admin', 'service'] as const) {
      const listed = new Set<unknown>();
      for (let seed = 0; seed < 40; seed += 1) {
        const attempt = {
          kind,
          name: 'listAttention',
          whose: 'others',
          priceSource: 'service',
        } as const;
        const { answer } = await play(attempt, chanceOf(seed), { hasOthers: true });
        for (const { outTradeNo } of answer.entries as { outTradeNo: string }[])
          listed.add(outTradeNo);
      }
      expect(listed).toContain(OTHERS.outTradeNo);
    }
  });

  test('the table of the contract is this one, and samples let in nobody but our own functions', () => {
    const sorted = (table: object) =>
      Object.fromEntries(Object.entries(table).map(([name, who]) => [name, [...who].sort()]));
    expect(sorted(callersOf)).toEqual(sorted(MAY));
    for (const who of Object.values(callersOfSamples)) expect(who).toEqual(['backend']);
  });
});

test(`of ${ATTEMPTS} random attempts none sees or changes what is not theirs`, async () => {
  const seed = seedOfRun();
  const chance = chanceOf(seed);
  for (let i = 0; i < ATTEMPTS; i += 1) {
    const attempt = everyPair[chance(everyPair.length)] as Attempt;
    await expectNoLeak(attempt, chance(2 ** 30));
  }
}, 3_600_000);
