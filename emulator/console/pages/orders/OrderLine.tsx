import type { KeyboardEvent } from 'react';
import { type OrderRow, Standing } from '../../parts/Standing.tsx';
import { hrefOf } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';
import { ROW_PX } from './window.ts';

/** One order as a row of the table; all of it leads to the order's page. */
export function OrderLine({ order, index }: { order: OrderRow; index: number }) {
  const { orders } = useText();
  const { outTradeNo, body, openid, totalFee, refundedFee, createdAt, checkAt, deliveryAt } = order;
  return (
    <tr className="order-line" aria-rowindex={index + 2} style={{ height: ROW_PX }}>
      <td className="cell-what">
        <a href={hrefOf({ path: ['orders', outTradeNo], query: {} })} onKeyDown={moveByArrows}>
          <span>{body || '—'}</span>
          <code>{outTradeNo}</code>
        </a>
      </td>
      <td className="cell-payer">
        <code>{openid || '—'}</code>
      </td>
      <td className="cell-created figures">{beijing(createdAt)}</td>
      <td className="cell-delivery">{orders.deliveries[order.delivery]}</td>
      <td className="cell-due figures">{beijing(checkAt ?? deliveryAt)}</td>
      <td className="cell-amount figures">
        {yuan(totalFee)}
        {refundedFee > 0 && <small>{yuan(-refundedFee)}</small>}
      </td>
      <td className="cell-state">
        <Standing of={order.standing} />
      </td>
    </tr>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Moves between rows by arrows, as in every table. */
function moveByArrows(event: KeyboardEvent<HTMLAnchorElement>): void {
  const step = STEPS[event.key];
  const links = event.currentTarget.closest('tbody')?.querySelectorAll('a');
  if (step === undefined || !links) return;
  const next = links[[...links].indexOf(event.currentTarget) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
