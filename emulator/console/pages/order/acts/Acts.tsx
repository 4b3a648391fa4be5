import { useState } from 'react';
import type { Role } from '../../../client/functions.ts';
import { Act } from '../../../parts/act/Act.tsx';
import { Field } from '../../../parts/text/Field.tsx';
import type { OrderDetail } from '../../../state/order.ts';
import { useText } from '../../../text/dictionary.ts';
import { fenIn, yuan } from '../../../text/forms.ts';
import { refundableOf } from '../Cards.tsx';
import { documentOf } from '../document.ts';
import { type Actor, newRefundNumber } from './caller.ts';

const ROLES: readonly Role[] = ['user', 'admin', 'service'];

interface ActsProps {
  detail: OrderDetail;
  actor: Actor;
}

/** Everything that may be done to an order on our side, as one of those who may try. */
export function Acts({ detail, actor }: ActsProps) {
  const { act, order, orders } = useText();
  const { outTradeNo, standing } = detail.row;
  const { events = [], refunds = [] } = documentOf(detail);
  const isOpen = standing === 'created' || standing === 'paying';
  const about = (name: string) => () => actor.call(name, { outTradeNo });
  return (
    <section className="card acts" aria-labelledby="acts-title">
      <h2 id="acts-title">{order.acts}</h2>
      <Roles actor={actor} />
      <Act act={about('queryOrder')} hint={act.hints.query}>
        {orders.query}
      </Act>
      <Act
        act={about('closeOrder')}
        hint={act.hints.close}
        refusalReason={isOpen ? undefined : act.why.notOpen}
      >
        {orders.closeOrder}
      </Act>
      <Act
        act={about('queryRefund')}
        hint={act.hints.queryRefund}
        refusalReason={refunds.length > 0 ? undefined : act.why.noRefunds}
      >
        {act.queryRefund}
      </Act>
      <Act
        act={about('deliverEvents')}
        hint={act.hints.redeliver}
        refusalReason={events.length > 0 ? undefined : act.why.noEvents}
      >
        {order.redeliver}
      </Act>
      <RefundForm
        refundableFee={refundableOf(detail)}
        refund={(refundFee) =>
          actor.call('refund', { outTradeNo, refundFee, outRefundNo: newRefundNumber() })
        }
      />
    </section>
  );
}

function Roles({ actor }: { actor: Actor }) {
  const { order } = useText();
  return (
    <fieldset className="roles">
      <legend>{order.as}</legend>
      {ROLES.map((each) => (
        <label key={each} className="chip">
          <input
            type="radio"
            name="role"
            checked={actor.role === each}
            onChange={() => actor.become(each)}
          />
          {order.roles[each]}
        </label>
      ))}
    </fieldset>
  );
}

interface RefundFormProps {
  refundableFee: number;
  refund(refundFee: number): Promise<object>;
}

function RefundForm({ refundableFee, refund }: RefundFormProps) {
  const { act, order } = useText();
  const [typed, setTyped] = useState('');
  const fee = fenIn(typed) ?? 0;
  const isRight = fee > 0 && fee <= refundableFee;
  const nothing = refundableFee > 0 ? undefined : act.why.nothingRefundable;
  return (
    <div className="refund-form">
      <Field
        label={order.refundAmount}
        inputMode="decimal"
        value={typed}
        change={setTyped}
        error={typed === '' || isRight ? undefined : act.wrongAmount(yuan(refundableFee))}
      />
      <Act
        act={() => refund(fee)}
        refusalReason={nothing ?? (isRight ? undefined : act.why.amount)}
      >
        {order.refund}
      </Act>
      <Act act={() => refund(refundableFee)} refusalReason={nothing}>
        {`${order.refundAll} ${yuan(refundableFee)}`}
      </Act>
    </div>
  );
}
