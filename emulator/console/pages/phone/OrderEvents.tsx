import { useSyncExternalStore } from 'react';
import type { Entry } from '../../client/entry.ts';
import { streamStore } from '../../client/stream.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Switch } from '../../parts/Switch.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';
import { timeOfDay } from '../../text/forms.ts';

const SHOWN_MAX = 200;
/** The shop asks for its prices by this, which is no doing of anybody's. */
const PRICE_ASKED = 'console.quote';

/** The entries of the timeline, the newest first: of one order, or all. */
export function OrderEvents({ outTradeNo }: { outTradeNo: string | undefined }) {
  const { phone } = useText();
  const { entries } = useSyncExternalStore(streamStore.subscribe, streamStore.current);
  const narrow = useToggle();
  const isAbout = narrow.isOn && outTradeNo ? aboutOrder(outTradeNo) : () => true;
  const shown = entries
    .filter((entry) => entry.what !== PRICE_ASKED && isAbout(entry))
    .slice(-SHOWN_MAX)
    .reverse();
  return (
    <section className="card events" aria-labelledby="events-title">
      <div className="card-head">
        <h2 id="events-title">{phone.happened}</h2>
        <Switch isOn={narrow.isOn} flip={narrow.flip}>
          {phone.onlyThis}
        </Switch>
      </div>
      {shown.length === 0 ? (
        <Empty icon="wait" title={phone.nothingYet} hint={phone.noOrderHint} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <ol className="entries" tabIndex={0} aria-labelledby="events-title">
          {shown.map((entry) => (
            <Line key={entry.id} of={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

function aboutOrder(outTradeNo: string): (entry: Entry) => boolean {
  const names = [outTradeNo, `orders/${outTradeNo}`];
  return ({ subject = '', detail }) => names.includes(subject) || detail?.outTradeNo === outTradeNo;
}

/** Who acted, by the first word of an entry's name. */
const LANES: Readonly<Record<string, string>> = {
  function: 'lane-function',
  wechatpay: 'lane-wechat',
  cloudbase: 'lane-database',
  clock: 'lane-clock',
};

function Line({ of: entry }: { of: Entry }) {
  const { at, what, subject, detail = {} } = entry;
  const [lane = ''] = what.split('.');
  const { timeline } = useText();
  const isBad = 'error' in detail || 'fault' in detail || 'refused' in detail;
  return (
    <li className={`${LANES[lane] ?? 'lane-other'}${isBad ? ' bad' : ''}`}>
      <time className="figures">{timeOfDay(at)}</time>
      <span className="entry-what" title={what}>
        {timeline.whats[what] ?? what}
      </span>
      <span className="entry-facts">
        {[subject, ...factsOf(detail)].filter(Boolean).join('  ')}
      </span>
    </li>
  );
}

/** How an entry ended, in the words of the wire; all of it is in the timeline. */
const ENDS = ['status', 'refused', 'fault'];

function factsOf(detail: Record<string, unknown>): string[] {
  const { error, errMsg, action } = detail;
  const code = Object(error).code ?? error;
  return [code, errMsg ?? action, ...ENDS.map((name) => detail[name])]
    .filter((value) => value !== undefined && typeof value !== 'object')
    .map(String);
}
