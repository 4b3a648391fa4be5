import { isMissing } from '../../client/client.ts';
import { callFunction } from '../../client/functions.ts';
import type { Resource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Copy } from '../../parts/Copy.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Standing } from '../../parts/Standing.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { hrefOf } from '../../state/address.ts';
import { type OrderDetail, useOrder } from '../../state/order.ts';
import { type Dictionary, useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';

interface OrderCardProps {
  outTradeNo: string | undefined;
  /** Names the order where nobody chose one. */
  newest: Resource<unknown>;
  payAgain(outTradeNo: string, totalFee: number): Promise<void>;
}

/** The order at hand: where it stands, its money, how it was confirmed, what is due next, both sides. */
export function OrderCard({ outTradeNo, newest, payAgain }: OrderCardProps) {
  const { phone } = useText();
  const order = useOrder(outTradeNo);
  const { data } = order;
  const isNone = outTradeNo === undefined ? newest.data !== undefined : isMissing(order.error);
  return (
    <section className="card order-card" aria-labelledby="order-title">
      <h2 id="order-title">{phone.order}</h2>
      {data && <Shown detail={data} payAgain={payAgain} />}
      {!data && isNone && <Empty icon="orders" title={phone.noOrder} hint={phone.noOrderHint} />}
      {!data && !isNone && <Unread of={outTradeNo === undefined ? newest : order} />}
    </section>
  );
}

interface ShownProps extends Pick<OrderCardProps, 'payAgain'> {
  detail: OrderDetail;
}

function Shown({ detail, payAgain }: ShownProps) {
  const text = useText();
  const { orders } = text;
  const { outTradeNo, standing, totalFee } = detail.row;
  const isOpen = standing === 'created' || standing === 'paying';
  return (
    <>
      <div className="order-head">
        <span className="order-amount figures">{yuan(totalFee)}</span>
        <Standing of={standing} />
        <Agreement detail={detail} />
      </div>
      <Facts of={factsOf(detail, text)} />
      <div className="buttons">
        {isOpen && (
          <Button kind="main" act={() => payAgain(outTradeNo, totalFee)}>
            {orders.payAgain}
          </Button>
        )}
        <a className="button" href={hrefOf({ path: ['orders', outTradeNo], query: {} })}>
          {orders.open}
        </a>
        <Button act={() => callFunction('queryOrder', { outTradeNo })}>{orders.query}</Button>
        {isOpen && (
          <Button act={() => callFunction('closeOrder', { outTradeNo })}>
            {orders.closeOrder}
          </Button>
        )}
      </div>
    </>
  );
}

function Agreement({ detail }: { detail: OrderDetail }) {
  const { orders } = useText();
  const count = detail.compared.filter(({ isDifferent }) => isDifferent).length;
  return (
    <span className={count === 0 ? 'tag calm' : 'tag bad'}>
      {count === 0 ? orders.agrees : orders.differs(count)}
    </span>
  );
}

function factsOf({ row, wechat }: OrderDetail, { orders }: Dictionary) {
  const { paidFee, refundedFee, refundingFee, confirmedBy } = row;
  return [
    [
      orders.number,
      <span key="number" className="with-copy">
        <code>{row.outTradeNo}</code>
        <Copy text={row.outTradeNo} label={orders.copy} />
      </span>,
    ],
    [orders.goods, row.body || '—'],
    [
      orders.atWeChat,
      wechat ? <code key="wechat">{wechat.trade_state}</code> : orders.unknownAtWeChat,
    ],
    [orders.paidFee, paidFee === undefined ? '—' : yuan(paidFee)],
    ...(refundedFee > 0 ? [[orders.refunded, yuan(refundedFee)] as const] : []),
    ...(refundingFee > 0 ? [[orders.refunding, yuan(refundingFee)] as const] : []),
    [orders.confirmedBy, confirmedBy ? (orders.ways[confirmedBy] ?? confirmedBy) : '—'],
    [orders.nextCheck, beijing(row.checkAt)],
    [orders.expires, beijing(row.expiresAt)],
    [orders.fulfilment, orders.deliveries[row.delivery]],
  ] as const;
}
