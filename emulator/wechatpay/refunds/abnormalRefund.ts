import { RefusalError, wrongField } from '../errors.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import { check, type Json, matching, parse, type Rule, textOf } from '../wire/fields.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { existingRefund } from './existingRefund.ts';
import type { AbnormalRefundTarget, RefundLedger } from './ledger.ts';
import type { RefundLifecycle } from './lifecycle.ts';
import { refundJson } from './wire.ts';

/** Lists what applying for an abnormal refund needs. */
export interface AbnormalRefundDeps {
  refunds: RefundLedger;
  lifecycle: RefundLifecycle;
  keys: KeyRing;
}

const RULES: Record<string, Rule> = {
  out_refund_no: textOf(1, 64),
  type: matching(/^(USER|MERCHANT)_BANK_CARD$/, '不是合法的枚举值'),
};
const CARD_RULES: Record<string, Rule> = {
  bank_type: textOf(1, 16),
  bank_account: textOf(1, 1024),
  real_name: textOf(1, 1024),
};

/**
 * Sends an abnormal refund once more, on another way (发起异常退款). Asked for twice it is sent once, and
 * answered as it is.
 */
export function applyAbnormalRefund(
  { refunds, lifecycle, keys }: AbnormalRefundDeps,
  operation: OperationRequest,
): OperationAnswer {
  const { mchid, pathPart: refundId } = operation;
  const { outRefundNo, target, account } = readAbnormalRefund(operation, keys);
  const refund = existingRefund(operation, refunds.findId(mchid, refundId));
  if (refund.outRefundNo !== outRefundNo)
    throw new RefusalError('INVALID_REQUEST', '退款单号校验不一致，请核实后再试');
  if (refund.abnormalTarget === target) return { json: refundJson(refund) };
  if (refund.status !== 'ABNORMAL' || refund.abnormalTarget !== undefined)
    throw new RefusalError('INVALID_REQUEST', '退款单状态不是退款异常');
  lifecycle.applyAbnormalRefund(refund, target, account);
  return { json: refundJson(existingRefund(operation, refunds.findId(mchid, refundId))) };
}

interface AbnormalRefundRequest {
  outRefundNo: string;
  target: AbnormalRefundTarget;
  /** The account that the money goes to, as queries answer it. */
  account: string;
}

/** Reads and checks the request, secret fields opened. Source: D4012791864. */
function readAbnormalRefund(
  { body, serial }: OperationRequest,
  keys: KeyRing,
): AbnormalRefundRequest {
  const json = parse(body);
  const isToUser = json.type === 'USER_BANK_CARD';
  const optional = { ...CARD_RULES, sub_mchid: textOf(1, 32) };
  check(json, { required: isToUser ? { ...RULES, ...CARD_RULES } : RULES, optional });
  const bankAccount = openSecretField(json, 'bank_account', serial, keys);
  // Opened only to see that it opens.
  openSecretField(json, 'real_name', serial, keys);
  const bank = String(json.bank_type).replace(/_.*/, '');
  return {
    outRefundNo: String(json.out_refund_no),
    target: isToUser ? 'USER_BANK_CARD' : 'MERCHANT_BANK_CARD',
    account: isToUser ? `${bank}借记卡${bankAccount.slice(-4)}` : '商户结算银行账户',
  };
}

function openSecretField(json: Json, name: string, serial: string, keys: KeyRing): string {
  if (json[name] === undefined) return '';
  const opened = keys.decrypt(serial, String(json[name]));
  if (!opened) throw wrongField(name, '敏感信息解密失败，请检查加密公钥与Wechatpay-Serial是否一致');
  return opened;
}
