import { ask } from '../../client/client.ts';
import { Act } from '../../parts/act/Act.tsx';
import type { OrderDetail } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';
import { AbnormalRefund } from './acts/AbnormalRefund.tsx';
import type { Actor } from './acts/caller.ts';
import { documentOf, type ShownRefund } from './document.ts';

type WeChatRefund = NonNullable<OrderDetail['wechat']>['refunds'][number];

/** A refund as both sides have it; either side may know nothing of it. */
interface BothRefund {
  outRefundNo: string;
  ours?: ShownRefund | undefined;
  wechat?: WeChatRefund | undefined;
}

const STEERS = ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const;

/** The colour of each state of a refund. */
const TONES: Readonly<Record<string, string>> = {
  success: 'back',
  abnormal: 'bad',
  unverified: 'bad',
  refused: 'bad',
  closed: 'calm',
};

interface RefundsProps {
  detail: OrderDetail;
  actor: Actor;
}

/** The refunds of an order, each with where WeChat may move it, and another account for an abnormal one. */
export function Refunds({ detail, actor }: RefundsProps) {
  const { order } = useText();
  const refunds = refundsOf(detail);
  const { outTradeNo } = detail.row;
  return (
    <section className="card" aria-labelledby="refunds-title">
      <h2 id="refunds-title">{order.refunds}</h2>
      {refunds.length === 0 && <p className="faint">{order.noRefunds}</p>}
      <ul className="lines">
        {refunds.map(({ outRefundNo, ours, wechat }) => (
          <li key={outRefundNo}>
            {ours ? <Ours of={ours} /> : <Theirs of={wechat} />}
            <code className="faint">{outRefundNo}</code>
            {wechat && <Steers of={wechat} />}
            {ours?.status.state === 'abnormal' && (
              <AbnormalRefund outTradeNo={outTradeNo} refund={ours} actor={actor} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function refundsOf(detail: OrderDetail): BothRefund[] {
  const ours = new Map((documentOf(detail).refunds ?? []).map((each) => [each.outRefundNo, each]));
  const theirs = new Map((detail.wechat?.refunds ?? []).map((each) => [each.out_refund_no, each]));
  const numbers = new Set([...ours.keys(), ...theirs.keys()]);
  return [...numbers].map((outRefundNo) => ({
    outRefundNo,
    ours: ours.get(outRefundNo),
    wechat: theirs.get(outRefundNo),
  }));
}

function Ours({ of: { refundFee, requestedAt, origin, status } }: { of: ShownRefund }) {
  const { order } = useText();
  return (
    <div className="line-head">
      <strong className="figures">{yuan(refundFee)}</strong>
      <span className={`tag ${TONES[status.state] ?? 'wait'}`} data-refund={status.state}>
        {order.refundStates[status.state] ?? status.state}
      </span>
      {origin === 'external' && <span className="tag calm">{order.external}</span>}
      {(status.lastErrorCode ?? status.reason) && (
        <code>{status.lastErrorCode ?? status.reason}</code>
      )}
      <span className="faint figures line-at">{beijing(requestedAt)}</span>
    </div>
  );
}

/** A refund that WeChat has and we have not. */
function Theirs({ of }: { of: WeChatRefund | undefined }) {
  const { act } = useText();
  if (!of) return null;
  return (
    <div className="line-head">
      <strong className="figures">{yuan(of.amount.refund)}</strong>
      <span className="tag bad">{act.unknownHere}</span>
      <code>{of.status}</code>
      <span className="faint figures line-at">{beijing(of.create_time)}</span>
    </div>
  );
}

/** Where WeChat may move a refund, and its callback once more. */
function Steers({ of: { out_refund_no: outRefundNo, status } }: { of: WeChatRefund }) {
  const { act, order } = useText();
  const path = { outRefundNo };
  const steers = status === 'ABNORMAL' ? STEERS.slice(0, 1) : STEERS;
  const isFinal = status === 'SUCCESS' || status === 'CLOSED';
  return (
    <>
      <p className="faint">{isFinal ? act.why.final : order.steer}</p>
      {!isFinal &&
        steers.map((to) => (
          <Act
            key={to}
            act={() => ask('POST /_local/refunds/{outRefundNo}', { path, body: { to } })}
          >
            {order.steers[to]}
          </Act>
        ))}
      <Act
        act={() => ask('POST /_local/wechatpay/refunds/{outRefundNo}/notifications', { path })}
        hint={act.hints.resend}
        refusalReason={status === 'PROCESSING' ? act.why.processing : undefined}
      >
        {act.resendRefund}
      </Act>
    </>
  );
}
