import { ask, CallError } from '../../client/client.ts';
import {
  callFunction,
  type FunctionAnswer,
  FunctionRefusal,
  OPENIDS,
} from '../../client/functions.ts';
import { Button } from '../../parts/Button.tsx';
import { advance, moveTo } from '../../state/clock.ts';
import { messageOf, useText } from '../../text/dictionary.ts';
import { beijing, yuan } from '../../text/forms.ts';
import { Mark } from './Result.tsx';

interface NotPlacedProps {
  error: unknown;
  again(totalFee?: number): Promise<void>;
  back(): void;
}

/** The page that says that nothing was ordered, why, and the ways out of it. */
export function NotPlaced({ error, again, back }: NotPlacedProps) {
  const text = useText();
  const { refused, result } = text.phone;
  const answer: Partial<FunctionAnswer> = error instanceof FunctionRefusal ? error.answer : {};
  const { quoteCode, quoteMsg } = answer;
  return (
    <div className="result" role="alert">
      <Mark icon="cross" tone="bad" />
      <h2>{refused.title}</h2>
      {quoteMsg === undefined ? (
        <p>{messageOf(error, text)}</p>
      ) : (
        <p>
          <code>{String(quoteCode)}</code> {String(quoteMsg)}
        </p>
      )}
      <WaysOut answer={answer} again={again} />
      {error instanceof CallError && <code>{error.code}</code>}
      <p className="faint">{refused.noPrevious}</p>
      <Button act={back}>{result.back}</Button>
    </div>
  );
}

/** A payer's orders of this minute count all the same, and whether others were closed is not looked at each second. */
const LOOKED_AGAIN = 'PT1M';

interface WaysOutProps extends Pick<NotPlacedProps, 'again'> {
  answer: Partial<FunctionAnswer>;
}

/** A price that changed may be accepted, unpaid orders closed, and the time waited for at which it is possible again. */
function WaysOut({ answer: { errCode, totalFee, retryAt }, again }: WaysOutProps) {
  const { refused } = useText().phone;
  const closeAll = async () => {
    await closeUnpaid();
    await advance(LOOKED_AGAIN);
    await again();
  };
  const wait = async () => {
    await moveTo(String(retryAt));
    await again();
  };
  return (
    <>
      {errCode === 'PRICE_CHANGED' && (
        <Button kind="main" act={() => again(Number(totalFee))}>
          {refused.atPrice(yuan(Number(totalFee)))}
        </Button>
      )}
      {errCode === 'TOO_MANY_ORDERS' && (
        <Button kind="main" act={closeAll}>
          {refused.closeUnpaid}
        </Button>
      )}
      {typeof retryAt === 'string' && <Button act={wait}>{refused.wait(beijing(retryAt))}</Button>}
    </>
  );
}

/** Closes what the phone's user has ordered and not paid. */
async function closeUnpaid(): Promise<void> {
  const { orders } = await ask('GET /_local/orders', {
    query: { openid: OPENIDS.user, standing: 'paying' },
  });
  for (const { outTradeNo } of orders) await callFunction('closeOrder', { outTradeNo });
}
