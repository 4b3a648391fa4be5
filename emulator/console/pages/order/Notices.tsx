import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';

type Attempt = NonNullable<OrderDetail['wechat']>['notifications'][number];

/** An attempt of WeChat to notify us: of a payment, or of this refund. */
interface Notice extends Attempt {
  refund?: { no: string; fee: number };
}

/** Every attempt of WeChat to notify us, the earliest first: of what, and what came of it. */
export function Notices({ detail: { wechat } }: { detail: OrderDetail }) {
  const { order } = useText();
  const notices = noticesOf(wechat);
  return (
    <section className="card" aria-labelledby="notices-title">
      <h2 id="notices-title">{order.notices}</h2>
      {notices.length === 0 && <p className="faint">{order.noNotices}</p>}
      <ul className="lines">
        {notices.map((notice, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are added at the end, and stay
          <Line key={index} of={notice} />
        ))}
      </ul>
    </section>
  );
}

function noticesOf(wechat: OrderDetail['wechat']): Notice[] {
  const ofRefunds = (wechat?.refunds ?? []).flatMap(
    ({ out_refund_no: no, amount: { refund: fee }, notifications }) =>
      notifications.map((attempt): Notice => ({ ...attempt, refund: { no, fee } })),
  );
  return [...(wechat?.notifications ?? []), ...ofRefunds].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

function Line({ of: { at, status, refund } }: { of: Notice }) {
  const { order } = useText();
  const isTaken = status === 200 || status === 204;
  return (
    <li className="line-head">
      <strong>{refund ? order.noticeOf.refund(yuan(refund.fee)) : order.noticeOf.payment}</strong>
      <span className={`tag ${isTaken ? 'good' : 'bad'}`} data-status={status}>
        {isTaken ? order.taken : (order.untaken[status] ?? order.refusedWith(String(status)))}
      </span>
      {refund && <code className="faint">{refund.no}</code>}
      <span className="faint figures line-at">{beijing(at)}</span>
    </li>
  );
}
