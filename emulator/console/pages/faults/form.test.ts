import { expect, test } from 'vitest';
import { byService, FIRST, faultOf, optionIn, type Places } from './form.ts';

const places: Places = [
  {
    at: 'wechatpay.query',
    kinds: [{ kind: 'error', codes: ['SYSTEM_ERROR'] }, { kind: 'slow' }],
  },
  { at: 'wechatpay.cashier', kinds: [{ kind: 'slow' }] },
  { at: 'cos.PutObject', kinds: [{ kind: 'error', codePattern: '^[A-Z]' }] },
];
const made = (change: Partial<typeof FIRST>) => {
  const typed = { ...FIRST, ...change };
  const option = optionIn(places, typed);
  return option && faultOf(typed, option);
};

test.each([
  [{}, { at: 'wechatpay.query', kind: 'error', times: 1 }],
  [
    { code: 'SYSTEM_ERROR', times: '', probability: '50' },
    { at: 'wechatpay.query', kind: 'error', code: 'SYSTEM_ERROR', probability: 0.5 },
  ],
  [
    { kind: 'slow', code: 'SYSTEM_ERROR', delayMs: ' 2000 ' },
    { at: 'wechatpay.query', kind: 'slow', delayMs: 2000, times: 1 },
  ],
  [{ delayMs: '5' }, { at: 'wechatpay.query', kind: 'error', times: 1 }],
  [{ at: 'wechatpay.cashier' }, { at: 'wechatpay.cashier', kind: 'slow', times: 1 }],
  [
    { at: 'cos.PutObject', code: 'Denied', times: 'some', probability: 'half' },
    {
      at: 'cos.PutObject',
      kind: 'error',
      code: 'Denied',
      times: 'some',
      probability: 'half',
    },
  ],
])('%o is the fault %o', (typed, fault) => {
  expect(made(typed)).toEqual(fault);
});

test('places are grouped by service', () => {
  expect(byService(places).map(([service, of]) => [service, of.length])).toEqual([
    ['wechatpay', 2],
    ['cos', 1],
  ]);
});
