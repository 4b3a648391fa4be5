import { useRef } from 'react';
import type { QueryOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { type RowWindow, useRowWindow } from '../../parts/rows/rowWindow.ts';
import { useText } from '../../text/dictionary.ts';
import { OrderLine } from './OrderLine.tsx';
import { PAGE_ROWS, pagesIn, ROW_PX, rowsOfPage } from './window.ts';

type Query = QueryOf<'GET /_local/orders'>;

interface OrdersTableProps {
  query: Query;
  total: number;
}

/** The table of orders: it holds the rows that can be seen and a few more, however many there are. */
export function OrdersTable({ query, total }: OrdersTableProps) {
  const { orders } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useRowWindow(scroller, { count: total, rowPx: ROW_PX });
  return (
    <div ref={scroller} className="card table">
      <table aria-label={orders.title} aria-rowcount={total + 1}>
        <Head />
        <tbody>
          <Gap rows={seen.from} />
          {pagesIn(seen).map((page) => (
            <Rows key={page} page={page} query={query} seen={seen} />
          ))}
          <Gap rows={total - seen.to} />
        </tbody>
      </table>
    </div>
  );
}

function Head() {
  const { orders } = useText();
  return (
    <thead>
      <tr>
        <th scope="col">{orders.goods}</th>
        <th scope="col" className="cell-payer">
          {orders.payer}
        </th>
        <th scope="col" className="cell-created">
          {orders.created}
        </th>
        <th scope="col" className="cell-delivery">
          {orders.fulfilment}
        </th>
        <th scope="col" className="cell-due">
          {orders.due}
        </th>
        <th scope="col" className="cell-amount">
          {orders.amount}
        </th>
        <th scope="col" className="cell-state">
          {orders.state}
        </th>
      </tr>
    </thead>
  );
}

/** The room of rows that are not there. */
function Gap({ rows }: { rows: number }) {
  return rows > 0 ? <tr style={{ height: rows * ROW_PX }} /> : null;
}

interface RowsProps {
  page: number;
  query: Query;
  seen: RowWindow;
}

/** The rows of one page that are in the window; the page is asked for by itself, and kept up to date. */
function Rows({ page, query, seen }: RowsProps) {
  const { data } = useResource(`orders ${JSON.stringify(query)} ${page}`, () =>
    ask('GET /_local/orders', {
      query: { ...query, limit: String(PAGE_ROWS), skip: String(page * PAGE_ROWS) },
    }),
  );
  return rowsOfPage(page, seen).map((index) => {
    const order = data?.orders[index - page * PAGE_ROWS];
    return order ? (
      <OrderLine key={order.outTradeNo} order={order} index={index} />
    ) : (
      <Gap key={index} rows={1} />
    );
  });
}
