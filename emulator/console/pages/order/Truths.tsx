import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';

type Compared = OrderDetail['compared'][number];

/** Both truths side by side, ours and WeChat's, with what differs. */
export function Truths({ detail: { compared } }: { detail: OrderDetail }) {
  const { order, orders } = useText();
  const count = compared.filter(({ isDifferent }) => isDifferent).length;
  return (
    <section className="card" aria-labelledby="truths-title">
      <div className="card-head">
        <h2 id="truths-title">{order.truths}</h2>
        <span className={count === 0 ? 'tag calm' : 'tag bad'}>
          {count === 0 ? orders.agrees : orders.differs(count)}
        </span>
      </div>
      <div className="scrolled">
        <table className="truths">
          <thead>
            <tr>
              <th scope="col">{order.field}</th>
              <th scope="col">{order.ours}</th>
              <th scope="col">{order.wechat}</th>
            </tr>
          </thead>
          <tbody>
            {compared.map((each) => (
              <Line key={each.field} of={each} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ of: { field, ours, wechat, isDifferent } }: { of: Compared }) {
  const { order } = useText();
  const [kind, number = ''] = field.split(' ');
  const name = kind === 'refund' ? order.refundField(number) : (order.fields[field] ?? field);
  return (
    <tr className={isDifferent ? 'different' : ''}>
      <th scope="row">
        {name}
        {isDifferent && <span className="unseen"> {order.different}</span>}
      </th>
      <td>
        <Value of={ours} field={field} />
      </td>
      <td>
        <Value of={wechat} field={field} />
      </td>
    </tr>
  );
}

const TIMES = ['paidAt', 'expiresAt'];

/** A value of one side; a time in Beijing's, as everywhere, whose day and hour are broken nowhere inside. */
function Value({ of, field }: { of: string | undefined; field: string }) {
  if (of === undefined || !TIMES.includes(field)) return <code>{of ?? '—'}</code>;
  const [day, hour] = beijing(of).split(' ');
  return (
    <code className="day-hour">
      <span>{day}</span> <span>{hour}</span>
    </code>
  );
}
