import { expect, test } from 'vitest';
import type * as Client from '../../client/types.ts';
import type { AnswerHead } from '../../shared/contract/answer.ts';
import type { CloseOrderAnswer, CloseOrderInput } from '../../shared/contract/order/closeOrder.ts';
import type { QueryOrderAnswer, QueryOrderInput } from '../../shared/contract/order/queryOrder.ts';
import type {
  CashierParams,
  UnifiedOrderAnswer,
  UnifiedOrderInput,
} from '../../shared/contract/order/unifiedOrder.ts';
import type {
  QueryRefundAnswer,
  QueryRefundInput,
} from '../../shared/contract/refund/queryRefund.ts';
import type { Retry } from '../../shared/domain/retry.ts';

/** A value as it travels: without brands, an instant as text. */
type Plain<T> = T extends Date | (string & { readonly __brand: unknown })
  ? string
  : T extends number & { readonly __brand: unknown }
    ? number
    : T extends readonly (infer Each)[]
      ? Plain<Each>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T;
/** The fields of an input, each as what it holds where it is given. */
type FieldsOf<T> = { [Key in Exclude<keyof T, NotForPhones>]-?: Exclude<Plain<T[Key]>, undefined> };

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Both ways assignable, with the same keys, needed and optional alike. */
type Alike<A, B> = [A] extends [B] ? ([B] extends [A] ? Same<keyof A, keyof B> : false) : false;

/** Fields that a phone has nothing to say in: the server's own, and those of our configuration. */
type NotForPhones =
  | 'purchaseId'
  | 'functionName'
  | 'envId'
  | 'subMchId'
  | 'subAppid'
  | 'openid'
  | 'subOpenid'
  | 'tradeType'
  | 'feeType'
  | 'nonceStr'
  | 'spbillCreateIp';

/** Each must be true; a field that is added to a contract makes one false, and this file does not compile. */
const HELD: [
  Alike<Client.Retry, Retry>,
  Alike<Client.PaymentParams, CashierParams>,
  Alike<Client.UnifiedOrderAnswer, Plain<UnifiedOrderAnswer>>,
  Alike<Client.QueryOrderAnswer, Plain<QueryOrderAnswer>>,
  Alike<Client.CloseOrderAnswer, Plain<CloseOrderAnswer>>,
  Alike<Client.QueryRefundAnswer, Plain<QueryRefundAnswer>>,
  Alike<Required<Client.Order>, FieldsOf<UnifiedOrderInput>>,
  Same<Exclude<NotForPhones, keyof UnifiedOrderInput>, never>,
  Alike<Required<Client.OrderNumbers>, FieldsOf<QueryOrderInput>>,
  Alike<Required<Client.RefundNumbers>, FieldsOf<QueryRefundInput>>,
  Alike<Parameters<Client.PayClient['closeOrder']>[0], FieldsOf<CloseOrderInput>>,
  Same<Exclude<keyof AnswerHead, keyof Pick<Client.Refusal, keyof AnswerHead>>, never>,
  Pick<AnswerHead, keyof AnswerHead> & { errCode: string } extends Client.Refusal ? true : false,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true];

test('the client’s types are those of the contract; the compiler holds it', () => {
  expect(HELD).not.toContain(false);
});
