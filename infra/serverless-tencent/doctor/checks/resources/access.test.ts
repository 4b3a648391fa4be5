import { expect, test } from 'vitest';
import {
  combine,
  notDeployed,
  ordersWith,
  type Row,
  rulesWith,
  textsOf,
  unchanged,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkAccess } from './access.ts';

const rows: Row[] = [
  ['the rules', unchanged, 'ok', 'access.functions', /规则生效/],
  [
    'a callback that clients may call',
    rulesWith('payCallback', { invoke: true }),
    'broken',
    'access.functions',
    /不应开放.*payCallback/,
  ],
  [
    'a timer without a rule',
    rulesWith('closeStaleOrders', undefined),
    'broken',
    'access.functions',
    /closeStaleOrders/,
  ],
  [
    'no rules at all',
    withFacts({ rules: known(undefined) }),
    'broken',
    'access.functions',
    /closeStaleOrders/,
  ],
  [
    'a function that the merchant closed',
    rulesWith('unifiedOrder', { invoke: false }),
    'warn',
    'access.functions',
    /部署时保留.*: unifiedOrder$/,
  ],
  [
    'a function that the rule for all others closes',
    combine(rulesWith('unifiedOrder', undefined), rulesWith('*', { invoke: false })),
    'broken',
    'access.functions',
    /小程序无法调用.*: unifiedOrder$/,
  ],
  [
    'a stricter condition',
    rulesWith('unifiedOrder', { invoke: "auth.loginType != 'ANONYMOUS' && auth != null" }),
    'ok',
    'access.functions',
    /规则生效/,
  ],
  ['no rule for all others', rulesWith('*', undefined), 'warn', 'access.functions', /“\*”/],
  ['not deployed', notDeployed, 'unknown', 'access.functions', /尚未部署/],
  ['the orders', unchanged, 'ok', 'access.collections', /orders: ADMINONLY/],
  [
    'a collection of the merchant’s own that has the name of a sample’s',
    withFacts({ collections: { products: known({ acl: 'PRIVATE', indexes: [] }) } }),
    'warn',
    'access.collections',
    /products.*PRIVATE.*ADMINWRITE/,
  ],
  [
    'orders that everybody reads',
    ordersWith((orders) => ({ ...orders, acl: 'READONLY' })),
    'broken',
    'access.collections',
    /READONLY/,
  ],
  [
    'no collection',
    withFacts({ collections: { orders: known(undefined) } }),
    'broken',
    'access.collections',
    /orders/,
  ],
  ['no collection yet', notDeployed, 'unknown', 'access.collections', /orders/],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkAccess, change, level, check)).toMatch(text);
});
