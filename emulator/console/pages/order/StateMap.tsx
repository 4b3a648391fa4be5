import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import { PLACES, type Place, wayOf } from './way.ts';

/** The places an order may be in, with the way that this one took. */
export function StateMap({ detail }: { detail: OrderDetail }) {
  const { order, orders } = useText();
  const way = wayOf(detail);
  const last = way.at(-1)?.place;
  const stepAt = (place: Place) => way.findLastIndex((step) => step.place === place);
  return (
    <section className="card" aria-labelledby="map-title">
      <h2 id="map-title">{order.map}</h2>
      <ol className="map">
        {PLACES.map((place) => {
          const step = stepAt(place);
          const isTaken = step >= 0;
          return (
            <li
              key={place}
              className={isTaken ? 'place taken' : 'place'}
              data-place={place}
              aria-current={place === last ? 'step' : undefined}
            >
              <span className="place-mark figures">{isTaken ? step + 1 : ''}</span>
              <span className="place-name">{orders.standings[place]}</span>
              <span className="place-at figures">{isTaken ? beijing(way[step]?.at) : ''}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
