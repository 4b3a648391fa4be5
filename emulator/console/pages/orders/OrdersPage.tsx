import { useMemo } from 'react';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { useAddress } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { FilterBar } from './FilterBar.tsx';
import { filterIn, isNarrow, queryOf } from './filter.ts';
import { OrdersTable } from './OrdersTable.tsx';

/** All orders of the database, narrowed by a filter that the address holds. */
export function OrdersPage() {
  const { orders } = useText();
  const address = useAddress();
  const filter = filterIn(address);
  const asked = JSON.stringify(queryOf(filter));
  const query = useMemo(() => JSON.parse(asked), [asked]);
  const summary = useResource(`orders summary ${asked}`, () =>
    ask('GET /_local/orders', { query: { ...query, limit: '0' } }),
  );
  const { data } = summary;
  return (
    <div className="orders-page">
      <header className="page-head">
        <h1>{orders.title}</h1>
        <p className="faint">{orders.intro}</p>
      </header>
      <FilterBar filter={filter} counts={data?.counts} total={data?.total} />
      {data === undefined && (
        <div className="card">
          <Unread of={summary} />
        </div>
      )}
      {data?.total === 0 && (
        <div className="card">
          <Empty
            icon="orders"
            title={isNarrow(filter) ? orders.noMatch : orders.noOrders}
            hint={isNarrow(filter) ? orders.noMatchHint : orders.noOrdersHint}
          />
        </div>
      )}
      {data && data.total > 0 && <OrdersTable key={asked} query={query} total={data.total} />}
    </div>
  );
}
