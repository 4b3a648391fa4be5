import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';
import { documentOf, type ShownRefund } from './document.ts';

const STEERS = ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const;

/** The colour of each state of a refund. */
const TONES: Readonly<Record<string, string>> = {
  success: 'back',
  abnormal: 'bad',
  unverified: 'bad',
  refused: 'bad',
  closed: 'calm',
};

/** The refunds of an order, each with where WeChat may move it. */
export function Refunds({ detail }: { detail: OrderDetail }) {
  const { order } = useText();
  const { refunds = [] } = documentOf(detail);
  return (
    <section className="card" aria-labelledby="refunds-title">
      <h2 id="refunds-title">{order.refunds}</h2>
      {refunds.length === 0 && <p className="faint">{order.noRefunds}</p>}
      <ul className="lines">
        {refunds.map((refund) => (
          <Line key={refund.outRefundNo} of={refund} />
        ))}
      </ul>
    </section>
  );
}

function Line({
  of: { outRefundNo, refundFee, requestedAt, origin, status },
}: {
  of: ShownRefund;
}) {
  const { order } = useText();
  const isOpen = status.state === 'processing';
  return (
    <li>
      <div className="line-head">
        <strong className="figures">{yuan(refundFee)}</strong>
        <span className={`tag ${TONES[status.state] ?? 'wait'}`} data-refund={status.state}>
          {order.refundStates[status.state] ?? status.state}
        </span>
        {origin === 'external' && <span className="tag calm">{order.external}</span>}
        {(status.lastErrorCode ?? status.reason) && (
          <code>{status.lastErrorCode ?? status.reason}</code>
        )}
        <span className="faint figures line-at">{beijing(requestedAt)}</span>
      </div>
      <code className="faint">{outRefundNo}</code>
      {isOpen && (
        <div className="buttons">
          <span className="faint steer">{order.steer}</span>
          {STEERS.map((to) => (
            <Button
              key={to}
              act={() =>
                ask('POST /_local/refunds/{outRefundNo}', { path: { outRefundNo }, body: { to } })
              }
            >
              {order.steers[to]}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
