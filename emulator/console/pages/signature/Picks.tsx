import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { type Fault, switchFaults } from '../../state/faults.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import { headerIn, noticeOf, type Sent, signedAmong } from './notice.ts';
import type { Doctor } from './useDoctor.ts';

const SHOWN_MAX = '30';

const NEXT = {
  nextForged: { at: 'wechatpay.notify', kind: 'forged', times: 1 },
  nextMutated: { at: 'wechatpay.notify', kind: 'mutated', times: 1 },
  nextOther: { at: 'wechatpay.notify', kind: 'mutated', code: 'MCHID', times: 1 },
} as const satisfies Record<string, Fault>;

/** The notifications that WeChat made, the newest first, and what becomes of the next one. */
export function Picks({ doctor }: { doctor: Doctor }) {
  const { signature } = useText();
  const notices = useResource('notifications', () =>
    ask('GET /_local/wechatpay/notifications', { query: { limit: SHOWN_MAX } }),
  );
  const sent = signedAmong(notices.data ?? []).reverse();
  return (
    <section className="card picks" aria-labelledby="picks-title">
      <h2 id="picks-title">{signature.picks}</h2>
      {!notices.data && <Unread of={notices} />}
      {notices.data && sent.length === 0 && (
        <Empty icon="shield" title={signature.noPicks} hint={signature.noPicksHint}>
          <a className="button" href="#/phone">
            {signature.toPhone}
          </a>
        </Empty>
      )}
      {sent.length > 0 && (
        <ul>
          {sent.map((each) => (
            <Pick key={headerIn(each.headers, 'wechatpay-signature')} of={each} doctor={doctor} />
          ))}
        </ul>
      )}
      <fieldset className="picks-next">
        <legend className="faint">{signature.next}</legend>
        <div className="buttons">
          {Object.entries(NEXT).map(([name, fault]) => (
            <Button key={name} act={() => switchFaults({ on: [fault] })}>
              {signature[name as keyof typeof NEXT]}
            </Button>
          ))}
        </div>
      </fieldset>
    </section>
  );
}

function Pick({ of, doctor }: { of: Sent; doctor: Doctor }) {
  const notice = noticeOf(of);
  const isCurrent =
    doctor.original.headers === notice.headers && doctor.original.body === notice.body;
  const pick = () => {
    doctor.take(notice);
    return doctor.diagnose(notice);
  };
  return (
    <li aria-current={isCurrent ? 'true' : undefined}>
      <Button kind="quiet" act={pick}>
        <span>{/"event_type":"([^"]+)"/.exec(of.body)?.[1] ?? '—'}</span>
        <time className="faint figures">{beijing(notice.receivedAt)}</time>
      </Button>
    </li>
  );
}
