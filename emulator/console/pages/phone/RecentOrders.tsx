import { type OrderRow, Standing } from '../../parts/Standing.tsx';
import { useText } from '../../text/dictionary.ts';
import { yuan } from '../../text/forms.ts';

interface RecentOrdersProps {
  orders: readonly OrderRow[];
  current: string | undefined;
  show(outTradeNo: string): void;
}

/** The orders that came last; one of them is looked at. */
export function RecentOrders({ orders, current, show }: RecentOrdersProps) {
  const text = useText();
  if (orders.length === 0) return null;
  return (
    <section className="card" aria-labelledby="recent-title">
      <h2 id="recent-title">{text.orders.recent}</h2>
      <ol className="recent">
        {orders.map(({ outTradeNo, body, standing, totalFee }) => (
          <li key={outTradeNo}>
            <button
              type="button"
              aria-current={outTradeNo === current}
              onClick={() => show(outTradeNo)}
            >
              <span className="recent-what">
                <span>{body || outTradeNo}</span>
                <code>{outTradeNo}</code>
              </span>
              <span className="figures">{yuan(totalFee)}</span>
              <Standing of={standing} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
