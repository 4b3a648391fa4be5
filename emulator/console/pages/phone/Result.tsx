import { useEffect, useState } from 'react';
import { callFunction, type FunctionAnswer } from '../../client/functions.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { useOrder } from '../../state/order.ts';
import { useText } from '../../text/dictionary.ts';
import { yuan } from '../../text/forms.ts';
import type { Phone } from './phone.ts';
import { placeAgain, type Sheet } from './purchase.ts';
import type { SceneEnd } from './scenes.ts';

/** The phone after the mini program was ended. */
export function Gone({ reopen }: { reopen(): void }) {
  const { phone } = useText();
  return (
    <div className="result gone">
      <Mark icon="phone" tone="calm" />
      <h2>{phone.result.gone}</h2>
      <p className="faint">{phone.result.noAnswer}</p>
      <Button kind="main" act={reopen}>
        {phone.result.reopen}
      </Button>
    </div>
  );
}

interface ResultProps {
  sheet: Sheet;
  end: SceneEnd;
  device: Phone;
}

/** The result as the mini program knows it: not by WeChat's word on the phone, but by the server's. */
export function Result({ sheet, end, device }: ResultProps) {
  const { phone } = useText();
  const { outTradeNo, totalFee } = sheet;
  const server = useServerAnswer(outTradeNo);
  const state = String(server?.state ?? 'paying');
  const isOpen = state === 'paying' || state === 'created';
  const { words, icon, tone } = viewOf(server, end);
  return (
    <div className="result" role="status">
      <Mark icon={icon} tone={tone} />
      <h2>{phone.result[words]}</h2>
      <p className="result-amount figures">{yuan(Number(server?.totalFee ?? totalFee))}</p>
      {words === 'unsure' && <p className="faint">{phone.result.unsureHint}</p>}
      <dl className="answers">
        <dt>{phone.result.answer}</dt>
        <dd>
          <code>{end.answer ? JSON.stringify(end.answer) : phone.result.noAnswer}</code>
          {end.second && <code>{JSON.stringify(end.second)}</code>}
        </dd>
        <dt>{phone.result.server}</dt>
        <dd>
          <code>{server ? `${server.state} · ${server.tradeState}` : '…'}</code>
        </dd>
      </dl>
      <div className="buttons">
        {isOpen && (
          <Button
            kind="main"
            act={() => device.order(outTradeNo, () => placeAgain(outTradeNo, totalFee))}
          >
            {phone.result.again}
          </Button>
        )}
        <Button act={device.backToShop}>{phone.result.back}</Button>
      </div>
    </div>
  );
}

interface ResultView {
  words: 'paid' | 'unsure' | 'cancelled' | 'failed' | 'closed' | 'refunded';
  icon: IconName;
  tone: string;
}

function viewOf(server: FunctionAnswer | undefined, { answer }: SceneEnd): ResultView {
  if (server?.tradeState === 'REFUND') return { words: 'refunded', icon: 'back', tone: 'back' };
  if (server?.state === 'paid') return { words: 'paid', icon: 'check', tone: 'good' };
  if (server?.state === 'closed') return { words: 'closed', icon: 'cross', tone: 'calm' };
  if (answer?.errMsg === 'requestPayment:fail cancel' && server) {
    return { words: 'cancelled', icon: 'cross', tone: 'calm' };
  }
  if (answer && answer.errMsg !== 'requestPayment:ok' && server) {
    return { words: 'failed', icon: 'cross', tone: 'bad' };
  }
  return { words: 'unsure', icon: 'wait', tone: 'wait' };
}

/** The sign of how something ended. */
export function Mark({ icon, tone }: { icon: IconName; tone: string }) {
  return (
    <span className={`mark ${tone}`}>
      <Icon name={icon} size={34} />
    </span>
  );
}

const TRIES_MAX = 5;
const TRY_AFTER_MS = 1000;

/** Asks the server as `pay()` does: at once, some times more while nothing is final, and when our order changes. */
function useServerAnswer(outTradeNo: string): FunctionAnswer | undefined {
  const { data } = useOrder(outTradeNo);
  const standing = data?.row.standing;
  const [answer, setAnswer] = useState<FunctionAnswer>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the standing is what asks again
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const askAgain = async (triesLeft: number) => {
      const next = await callFunction('queryOrder', { outTradeNo }).catch(() => undefined);
      if (isOver) return;
      if (next) setAnswer(next);
      const isFinal = next?.state === 'paid' || next?.state === 'closed';
      if (!isFinal && triesLeft > 1) {
        timer = setTimeout(() => void askAgain(triesLeft - 1), TRY_AFTER_MS);
      }
    };
    void askAgain(TRIES_MAX);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [outTradeNo, standing]);
  return answer;
}
