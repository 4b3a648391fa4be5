import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import { documentOf, type ShownEvent } from './document.ts';

const TONES = { delivered: 'good', waiting: 'wait', parked: 'bad' } as const;

/** The events that the merchant is to get of an order, with how far each event has come on each channel. */
export function Events({ detail }: { detail: OrderDetail }) {
  const { order } = useText();
  const { events = [] } = documentOf(detail);
  return (
    <section className="card" aria-labelledby="order-events-title">
      <h2 id="order-events-title">{order.events}</h2>
      {events.length === 0 && <p className="faint">{order.noEvents}</p>}
      <ul className="lines">
        {events.map((event) => (
          <Line key={event.id} of={event} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of: { type, at, about, deliveries = {} } }: { of: ShownEvent }) {
  const { order, orders } = useText();
  return (
    <li>
      <div className="line-head">
        <code className="event-type">{type}</code>
        {about && <code className="faint">{about}</code>}
        <span className="faint figures line-at">{beijing(at)}</span>
      </div>
      <div className="line-head">
        {Object.entries(deliveries).map(([channel, { state, attempts, lastError }]) => (
          <span key={channel} className="delivery">
            <code>{channel}</code>
            <span className={`tag ${TONES[state]}`}>{orders.deliveries[state]}</span>
            <span className="faint">{order.attempts(attempts)}</span>
            {lastError && <code className="faint">{lastError}</code>}
          </span>
        ))}
      </div>
    </li>
  );
}
