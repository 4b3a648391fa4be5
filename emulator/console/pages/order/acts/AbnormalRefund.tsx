import { useState } from 'react';
import { Act } from '../../../parts/act/Act.tsx';
import { Field } from '../../../parts/text/Field.tsx';
import { useText } from '../../../text/dictionary.ts';
import type { ShownRefund } from '../document.ts';
import type { Actor } from './caller.ts';

interface AbnormalRefundProps {
  outTradeNo: string;
  refund: Pick<ShownRefund, 'outRefundNo' | 'refundFee'>;
  actor: Actor;
}

/** 异常退款处理: pays an abnormal refund out to the merchant's account, or to a card of the payer's. */
export function AbnormalRefund({
  outTradeNo,
  refund: { outRefundNo, refundFee },
  actor,
}: AbnormalRefundProps) {
  const { act } = useText();
  const [bankType, setBankType] = useState('ICBC_DEBIT');
  const [bankAccount, setBankAccount] = useState('');
  const [realName, setRealName] = useState('');
  const isWhole = bankType !== '' && bankAccount !== '' && realName !== '';
  const pay = (abnormal: object) => () =>
    actor.call('refund', { outTradeNo, outRefundNo, refundFee, abnormal });
  return (
    <fieldset className="abnormal">
      <legend>{act.abnormalRefund}</legend>
      <Act act={pay({ type: 'MERCHANT_BANK_CARD' })}>{act.toMerchant}</Act>
      <div className="abnormal-card">
        <Field label={act.bankType} value={bankType} change={setBankType} />
        <Field label={act.bankAccount} value={bankAccount} change={setBankAccount} />
        <Field label={act.realName} value={realName} change={setRealName} />
      </div>
      <Act
        act={pay({ type: 'USER_BANK_CARD', bankType, bankAccount, realName })}
        refusalReason={isWhole ? undefined : act.why.card}
      >
        {act.toCard}
      </Act>
    </fieldset>
  );
}
