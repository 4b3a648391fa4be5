import { useState } from 'react';
import type { BodyOf } from '../../../../control/api/controlApi.ts';
import { ask } from '../../../client/client.ts';
import { Act } from '../../../parts/act/Act.tsx';
import { Field } from '../../../parts/text/Field.tsx';
import { switchFaults } from '../../../state/faults.ts';
import type { OrderDetail } from '../../../state/order.ts';
import { useText } from '../../../text/dictionary.ts';
import { fenIn } from '../../../text/forms.ts';

type Move = BodyOf<'POST /_local/wechatpay/orders/{outTradeNo}'>;

/** Everything that may happen to an order at WeChat without our doing, and to the callbacks about it. */
export function Steering({ detail }: { detail: OrderDetail }) {
  const { act } = useText();
  const { outTradeNo, totalFee } = detail.row;
  const path = { outTradeNo };
  const move = (body: Move) => () =>
    ask('POST /_local/wechatpay/orders/{outTradeNo}', { path, body });
  const { paymentRefusal, closeRefusal, callbackRefusal } = useReasons(detail);
  return (
    <section className="card acts" aria-labelledby="steering-title">
      <h2 id="steering-title">{act.there}</h2>
      <Act
        act={move({ to: 'SUCCESS', callback: 'none' })}
        hint={act.hints.payWithout}
        refusalReason={paymentRefusal}
      >
        {act.payWithout}
      </Act>
      <Act act={move({ to: 'SUCCESS' })} hint={act.hints.payWith} refusalReason={paymentRefusal}>
        {act.payWith}
      </Act>
      <Act
        act={move({ to: 'SUCCESS', total: totalFee + 1 })}
        hint={act.hints.payOther}
        refusalReason={paymentRefusal}
      >
        {act.payOther}
      </Act>
      <Act act={move({ to: 'CLOSED' })} hint={act.hints.closeThere} refusalReason={closeRefusal}>
        {act.closeThere}
      </Act>
      <Act
        act={() => ask('POST /_local/wechatpay/orders/{outTradeNo}/notifications', { path })}
        hint={act.hints.resend}
        refusalReason={callbackRefusal}
      >
        {act.resend}
      </Act>
      <Losses />
      <ConsoleRefund outTradeNo={outTradeNo} refusalReason={callbackRefusal} />
    </section>
  );
}

/** Says why WeChat could not do something to an order as it stands there. */
function useReasons({ wechat }: OrderDetail) {
  const { why } = useText().act;
  const state = wechat?.trade_state;
  const isPaid = state === 'SUCCESS' || state === 'REFUND';
  const unknown = wechat ? undefined : why.unknownThere;
  const paid = isPaid ? why.paidThere : undefined;
  return {
    paymentRefusal: unknown ?? paid,
    closeRefusal: unknown ?? paid ?? (state === 'CLOSED' ? why.closedThere : undefined),
    callbackRefusal: unknown ?? (isPaid ? undefined : why.unpaidThere),
  };
}

async function loseNext(at: 'wechatpay.notify' | 'wechatpay.refundNotify'): Promise<object> {
  await switchFaults({ on: [{ at, kind: 'lost_request', times: 1 }] });
  return {};
}

function Losses() {
  const { act } = useText();
  return (
    <>
      <Act act={() => loseNext('wechatpay.notify')} hint={act.hints.loseNext}>
        {act.loseNext}
      </Act>
      <Act act={() => loseNext('wechatpay.refundNotify')} hint={act.hints.loseNextRefund}>
        {act.loseNextRefund}
      </Act>
    </>
  );
}

interface ConsoleRefundProps {
  outTradeNo: string;
  refusalReason: string | undefined;
}

/** A refund that somebody makes in the merchant console, past everything of ours. */
function ConsoleRefund({ outTradeNo, refusalReason }: ConsoleRefundProps) {
  const { act } = useText();
  const [typed, setTyped] = useState('0.01');
  const refundFee = fenIn(typed) ?? 0;
  return (
    <div className="refund-form">
      <Field
        label={act.consoleAmount}
        inputMode="decimal"
        value={typed}
        change={setTyped}
        error={refundFee < 1 ? act.noAmount : undefined}
      />
      <Act
        act={() => ask('POST /_local/console/refunds', { body: { outTradeNo, refundFee } })}
        hint={act.hints.consoleRefund}
        refusalReason={refusalReason ?? (refundFee < 1 ? act.why.amount : undefined)}
      >
        {act.consoleRefund}
      </Act>
    </div>
  );
}
