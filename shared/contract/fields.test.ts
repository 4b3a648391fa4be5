import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { MAY_BE_EMPTY, MAY_BE_EMPTY_TEXT } from '../../tests/support/emptyFields.ts';
import { contracts } from './contracts.ts';
import { attach, body } from './fields.ts';

test.each([
  ['42 Chinese characters', '单'.repeat(42), undefined],
  ['43 Chinese characters', '单'.repeat(43), '现有 129 字节'],
  ['127 letters', 'a'.repeat(127), undefined],
  ['128 letters', 'a'.repeat(128), '现有 128 字节'],
  ['200 Chinese characters', '单'.repeat(200), '现有 600 字节'],
])('attach of %s is measured in bytes, and refused with their count', (_what, text, refusal) => {
  const { error } = attach.safeParse(text);
  if (refusal === undefined) expect(error).toBeUndefined();
  else expect(error?.issues[0]?.message).toContain(refusal);
});

test('a body for display is taken beyond what WeChat shows, up to a bound', () => {
  expect(body.safeParse('单'.repeat(512)).success).toBe(true);
  expect(body.safeParse('单'.repeat(513)).success).toBe(false);
});

/** A good call of each function that pages call. */
const good = {
  unifiedOrder: { body: '咖啡', totalFee: 1, outTradeNo: 'ORDER1', purchaseId: 'p', request: {} },
  queryOrder: { outTradeNo: 'ORDER1', transactionId: '4200' },
  closeOrder: { outTradeNo: 'ORDER1' },
  refund: { outTradeNo: 'ORDER1', transactionId: '4200', outRefundNo: 'R1', refundFee: 1 },
  queryRefund: { outTradeNo: 'ORDER1', transactionId: '4200', outRefundNo: 'R1' },
  downloadBill: { billDate: '20261123' },
};

test.each(Object.keys(good) as (keyof typeof good)[])(
  'of %s nothing may be empty that decides about money, the payer or whose order is changed',
  (name) => {
    const { input } = contracts[name];
    const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
    const takes = (more: object) => input.safeParse({ ...good[name], ...more }).success;
    // What the merchant's own function is asked is the merchant's.
    const fields = Object.keys(properties).filter((field) => field !== 'request');
    const nulls = fields.filter((field) => takes({ [field]: null }));
    const texts = fields.filter(
      (field) => takes({ [field]: '' }) && !MAY_BE_EMPTY_TEXT.includes(field),
    );
    const may = MAY_BE_EMPTY[name] ?? [];
    expect([nulls, texts]).toEqual([may, may]);
    for (const field of nulls) {
      const { [field]: _, ...rest }: Record<string, unknown> = good[name];
      const leftOut = input.parse(rest);
      expect(input.parse({ ...rest, [field]: null })).toEqual(leftOut);
      expect(input.parse({ ...rest, [field]: '' })).toEqual(leftOut);
      expect([0, false, [], {}].filter((empty) => takes({ [field]: empty }))).toEqual([]);
    }
    expect(takes({ unknown: null }) || takes({ unknown: '' })).toBe(false);
  },
);
