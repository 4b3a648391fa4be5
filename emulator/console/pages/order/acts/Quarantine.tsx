import { useState } from 'react';
import { Act } from '../../../parts/act/Act.tsx';
import { Field } from '../../../parts/text/Field.tsx';
import type { OrderDetail } from '../../../state/order.ts';
import { useText } from '../../../text/dictionary.ts';
import { documentOf } from '../document.ts';
import type { Actor } from './caller.ts';

/** A payment that differs from its order, and what a person may decide about it. */
export function Quarantine({ detail, actor }: { detail: OrderDetail; actor: Actor }) {
  const { act, order } = useText();
  const [reason, setReason] = useState(act.usualReason);
  const { quarantine } = documentOf(detail);
  if (!quarantine) return null;
  const { outTradeNo } = detail.row;
  const { transactionId, differs } = quarantine;
  const decide = (decision: string) => () =>
    actor.call('decideOrder', { decision, outTradeNo, transactionId, reason });
  return (
    <section className="card acts" aria-labelledby="quarantine-title">
      <h2 id="quarantine-title">{act.quarantined(order.fields[differs] ?? differs)}</h2>
      <Field label={act.reason} value={reason} change={setReason} />
      <Act act={decide('acceptPayment')} hint={act.hints.decide}>
        {act.accept}
      </Act>
      <Act act={decide('refundPayment')} hint={act.hints.decide}>
        {act.refundPayment}
      </Act>
    </section>
  );
}
