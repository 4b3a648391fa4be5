import type { AnswerOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { compareTruths } from '../orders/compare.ts';
import { confirmingFunction } from '../orders/confirmation.ts';
import { limitIn, pageOf } from '../orders/page.ts';
import { createRows, rowOf } from '../orders/row.ts';
import { fulfilledIn, orderOf, storedOrders } from '../orders/stored.ts';
import { type Route, route } from '../route.ts';

type Detail = AnswerOf<'GET /_local/orders/{outTradeNo}'>;

/** Lists the routes about the orders in our database. */
export function orderRoutes({ cloudbase, wechat, world }: ControlDeps): Route[] {
  const rowsOf = createRows();
  return [
    route('GET /_local/orders', ({ query }) => {
      const rows = rowsOf(storedOrders(cloudbase), fulfilledIn(cloudbase));
      return pageOf(rows, query);
    }),
    route(
      'GET /_local/documents/{collection}',
      ({ path, query }) =>
        cloudbase.documents(path.collection, limitIn(query)) as Record<string, unknown>[],
    ),
    route('GET /_local/orders/{outTradeNo}', ({ path }) => {
      const stored = orderOf(cloudbase, path.outTradeNo) ?? notFound('outTradeNo');
      const row = rowOf(stored, fulfilledIn(cloudbase));
      const wechatOrder = wechat.truth(path.outTradeNo) as Detail['wechat'];
      const compared = compareTruths(stored, wechatOrder);
      const confirmedIn = confirmingFunction(world.timeline, stored);
      const detail: Detail = { row, stored, compared };
      if (wechatOrder) detail.wechat = wechatOrder;
      if (confirmedIn) detail.confirmedIn = confirmedIn;
      return detail;
    }),
  ];
}
