import { isMissing } from '../../client/client.ts';
import { Copy } from '../../parts/Copy.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Standing } from '../../parts/Standing.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { hrefOf } from '../../state/address.ts';
import { type OrderDetail, useOrder } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { yuan } from '../../text/forms.ts';
import { Acts } from './acts/Acts.tsx';
import { useActor } from './acts/caller.ts';
import { Quarantine } from './acts/Quarantine.tsx';
import { Steering } from './acts/Steering.tsx';
import { Confirmation, Money, Next } from './Cards.tsx';
import { Events } from './Events.tsx';
import { Notices } from './Notices.tsx';
import { Refunds } from './Refunds.tsx';
import { StateMap } from './StateMap.tsx';
import { Truths } from './Truths.tsx';

/** An order whole: where it stands and how it came there, its money, what is due, both truths. */
export function OrderPage({ outTradeNo }: { outTradeNo: string }) {
  const { order } = useText();
  const resource = useOrder(outTradeNo);
  const { data, error } = resource;
  if (isMissing(error)) {
    return (
      <div className="card">
        <Empty icon="orders" title={order.missing} hint={order.missingHint}>
          <a className="button" href="#/orders">
            {order.back}
          </a>
        </Empty>
      </div>
    );
  }
  if (data) return <Whole detail={data} />;
  return (
    <div className="card">
      <Unread of={resource} />
    </div>
  );
}

function Whole({ detail }: { detail: OrderDetail }) {
  const { order } = useText();
  const actor = useActor(detail);
  return (
    <div className="order-page">
      <Head detail={detail} />
      <StateMap detail={detail} />
      <Quarantine detail={detail} actor={actor} />
      <div className="order-grid">
        <Money detail={detail} />
        <Confirmation detail={detail} />
        <Next detail={detail} />
      </div>
      <div className="order-halves">
        <Acts detail={detail} actor={actor} />
        <Steering detail={detail} />
      </div>
      <div className="order-halves">
        <Truths detail={detail} />
        <div className="order-page">
          <Refunds detail={detail} actor={actor} />
          <Events detail={detail} />
          <Notices detail={detail} />
        </div>
      </div>
      <details className="card raw">
        <summary>{order.raw}</summary>
        <pre>{JSON.stringify(detail.stored, undefined, 2)}</pre>
      </details>
    </div>
  );
}

const timelineOf = (order: string) => hrefOf({ path: ['timeline'], query: { order } });

function Head({ detail: { row } }: { detail: OrderDetail }) {
  const { order, orders, timeline } = useText();
  return (
    <header className="page-head order-page-head">
      <a className="back" href="#/orders">
        <Icon name="back" size={16} />
        {order.back}
      </a>
      <div className="order-head">
        <h1 className="order-amount figures">{yuan(row.totalFee)}</h1>
        <Standing of={row.standing} />
        <span>{row.body}</span>
        <span className="with-copy">
          <code>{row.outTradeNo}</code>
          <Copy text={row.outTradeNo} label={orders.copy} />
        </span>
        <a className="button order-timeline" href={timelineOf(row.outTradeNo)}>
          <Icon name="timeline" size={16} />
          {timeline.title}
        </a>
      </div>
    </header>
  );
}
