import { useState } from 'react';
import { callFunction, type Role } from '../../client/functions.ts';
import { Button } from '../../parts/Button.tsx';
import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { fenIn, yuan } from '../../text/forms.ts';
import { refundableOf } from './Cards.tsx';

const ROLES: readonly Role[] = ['user', 'admin', 'service'];

/** Everything that may be done to an order, as one of those who may try. */
export function Acts({ detail }: { detail: OrderDetail }) {
  const { order, orders } = useText();
  const [role, setRole] = useState<Role>('service');
  const { outTradeNo, openid } = detail.row;
  const call = (name: string, data: object) =>
    callFunction(name, data, role === 'user' && openid !== '' ? { role, openid } : { role });
  return (
    <section className="card acts" aria-labelledby="acts-title">
      <h2 id="acts-title">{order.acts}</h2>
      <fieldset className="roles">
        <legend>{order.as}</legend>
        {ROLES.map((each) => (
          <label key={each} className="chip">
            <input
              type="radio"
              name="role"
              checked={role === each}
              onChange={() => setRole(each)}
            />
            {order.roles[each]}
          </label>
        ))}
      </fieldset>
      <div className="buttons">
        <Button act={() => call('queryOrder', { outTradeNo })}>{orders.query}</Button>
        <Button act={() => call('closeOrder', { outTradeNo })}>{orders.closeOrder}</Button>
        <Button act={() => call('deliverEvents', { outTradeNo })}>{order.redeliver}</Button>
      </div>
      <RefundForm
        refundableFee={refundableOf(detail)}
        refund={(refundFee) =>
          call('refund', { outTradeNo, refundFee, outRefundNo: newRefundNumber() })
        }
      />
    </section>
  );
}

function newRefundNumber(): string {
  return `R${crypto.randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()}`;
}

interface RefundFormProps {
  refundableFee: number;
  refund(refundFee: number): Promise<unknown>;
}

function RefundForm({ refundableFee, refund }: RefundFormProps) {
  const { order } = useText();
  const [typed, setTyped] = useState('');
  const fee = fenIn(typed) ?? 0;
  const isRight = fee > 0 && fee <= refundableFee;
  return (
    <div className="refund-form">
      <input
        className="field"
        inputMode="decimal"
        aria-label={order.refundAmount}
        placeholder={order.refundAmount}
        aria-invalid={typed !== '' && !isRight}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Button
        act={() => refund(fee)}
        isDisabled={!isRight}
        title={isRight ? undefined : order.refundWrong}
      >
        {order.refund}
      </Button>
      <Button act={() => refund(refundableFee)} isDisabled={refundableFee <= 0}>
        {`${order.refundAll} ${yuan(refundableFee)}`}
      </Button>
    </div>
  );
}
