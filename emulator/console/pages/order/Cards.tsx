import { Facts } from '../../parts/Facts.tsx';
import { useNow } from '../../state/clock.ts';
import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, duration, yuan } from '../../text/forms.ts';
import { documentOf } from './document.ts';

interface CardProps {
  detail: OrderDetail;
}

/** Tells what of a payment can still be given back. */
export function refundableOf({ row: { paidFee = 0, refundedFee, refundingFee } }: OrderDetail) {
  return paidFee - refundedFee - refundingFee;
}

/** The money of an order: to pay, paid, given back, and what may be. */
export function Money({ detail }: CardProps) {
  const { order, orders } = useText();
  const { totalFee, paidFee, refundedFee, refundingFee } = detail.row;
  return (
    <section className="card" aria-labelledby="money-title">
      <h2 id="money-title">{order.money}</h2>
      <Facts
        of={[
          [order.payable, yuan(totalFee)],
          [orders.paidFee, paidFee === undefined ? '—' : yuan(paidFee)],
          [orders.refunded, yuan(refundedFee)],
          [orders.refunding, yuan(refundingFee)],
          [order.refundable, yuan(refundableOf(detail))],
        ]}
      />
    </section>
  );
}

/** The way by which a payment became known, and how late. */
export function Confirmation({ detail }: CardProps) {
  const { order, orders, language } = useText();
  const { status } = documentOf(detail);
  const receipt = status?.receipt;
  const lateMs = receipt ? Date.parse(receipt.confirmedAt) - Date.parse(receipt.paidAt) : 0;
  const by = detail.confirmedIn === 'closeStaleOrders' ? 'timer' : receipt?.confirmedBy;
  const way = by && (orders.ways[by] ?? by);
  return (
    <section className="card" aria-labelledby="confirmation-title">
      <h2 id="confirmation-title">{order.confirmation}</h2>
      {receipt && way ? (
        <>
          <p className="confirmation">
            {order.confirmed(way, duration(Math.max(0, lateMs), language))}
          </p>
          <Facts
            of={[
              [orders.paidAt, beijing(receipt.paidAt)],
              [order.transaction, <code key="id">{receipt.transactionId}</code>],
            ]}
          />
        </>
      ) : (
        <p className="faint">{order.notConfirmed}</p>
      )}
    </section>
  );
}

/** Everything that is going to happen to an order by itself, the next first. */
export function Next({ detail }: CardProps) {
  const { order, language } = useText();
  const nowMs = useNow() ?? 0;
  const { closeDueAt, status } = documentOf(detail);
  const { checkAt, deliveryAt, expiresAt } = detail.row;
  const isOpen = status?.state === 'created' || status?.state === 'paying';
  const due = [
    { what: order.checkDue, at: checkAt },
    { what: order.deliveryDue, at: deliveryAt },
    { what: order.closeDue, at: closeDueAt },
    { what: order.expiresDue, at: isOpen ? expiresAt : undefined },
  ]
    .flatMap(({ what, at }) => (at === undefined ? [] : [{ what, atMs: Date.parse(at) }]))
    .sort((a, b) => a.atMs - b.atMs);
  return (
    <section className="card" aria-labelledby="next-title">
      <h2 id="next-title">{order.next}</h2>
      {due.length === 0 && <p className="faint">{order.nothingDue}</p>}
      <ul className="due">
        {due.map(({ what, atMs }) => (
          <li key={what}>
            <span>{what}</span>
            <span className="faint figures">
              {atMs > nowMs ? order.inTime(duration(atMs - nowMs, language)) : order.overdue}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
