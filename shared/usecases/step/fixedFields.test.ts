import { expect, test } from 'vitest';
import { anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Caller } from '../../contract/callers.ts';
import { refuseFixedField } from './fixedFields.ts';

const payer: Caller = { kind: 'user', openid: 'oPayer', source: 'wx_client' };
const server: Caller = { kind: 'service', source: 'scf' };
const settings = { ...memoryDeps().deps.settings, envId: 'shop-1a2b3c' };
const applied = {
  functionName: 'payCallback',
  envId: 'shop-1a2b3c',
  subMchId: '1900000109',
  subAppid: 'wx0000000000000001',
  openid: 'oPayer',
  subOpenid: 'oPayer',
  tradeType: 'JSAPI',
  feeType: 'CNY',
};
type Field = keyof typeof applied;
const fields = Object.keys(applied) as Field[];

test('what code written for CloudPay sends is taken where it is what is configured anyway', () => {
  expect(refuseFixedField(applied, settings, anInvocation(payer))).toBeUndefined();
  expect(refuseFixedField({}, settings, anInvocation(payer))).toBeUndefined();
});

test.each(fields)('another %s is refused by name, whatever else is sent', (field) => {
  for (const beside of [{}, applied]) {
    for (const other of ['another', '']) {
      const sent = { ...beside, [field]: other };
      expect(refuseFixedField(sent, settings, anInvocation(payer))).toMatchObject({
        refused: 'PARAM_ERROR',
        field,
      });
    }
  }
});

test('a server names the payer itself, and an environment that is not known is not compared', () => {
  const sent = { openid: 'oAny', subOpenid: 'oAny' };
  expect(refuseFixedField(sent, settings, anInvocation(server))).toBeUndefined();
  const { envId: _unknown, ...without } = settings;
  expect(refuseFixedField({ envId: 'x' }, without, anInvocation(payer))).toBeUndefined();
});

test('the callback of a refund is another function', () => {
  const by = anInvocation(server);
  const sent = (functionName: string) => ({ functionName });
  expect(refuseFixedField(sent('refundCallback'), settings, by, 'refundCallback')).toBeUndefined();
  expect(refuseFixedField(sent('payCallback'), settings, by, 'refundCallback')).toMatchObject({
    field: 'functionName',
  });
});
