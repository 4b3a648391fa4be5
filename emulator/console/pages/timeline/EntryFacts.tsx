import type { Entry } from '../../client/entry.ts';
import { Facts } from '../../parts/Facts.tsx';
import { hrefOf } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import { factName, factValue } from './words.ts';

/** Shown apart from the other facts, or said by them already. */
const APART = ['ms', 'outTradeNo', 'log', 'error'];

/** The facts of an entry, one under another. */
export function EntryFacts({ entry, order }: { entry: Entry; order: string | undefined }) {
  const text = useText();
  const { timeline, orders } = text;
  const { at, what, subject, ms = 0, detail = {} } = entry;
  const plain = Object.entries(detail).filter(
    ([name, value]) => !APART.includes(name) && typeof value !== 'object',
  );
  const facts = [
    [timeline.time, beijing(Date.parse(at) - ms)],
    [timeline.actor, timeline.lanes[entry.actor]],
    [timeline.what, <code key="what">{what}</code>],
    [timeline.subject, subject === undefined ? undefined : <code key="subject">{subject}</code>],
    [timeline.took, entry.ms === undefined ? undefined : `${ms} ms`],
    [orders.number, order === undefined ? undefined : <OrderLink key="order" order={order} />],
    [
      timeline.error,
      detail.error === undefined ? undefined : <Failure key="error" of={detail.error} />,
    ],
    ...plain.map(
      ([name, value]) =>
        [factName(name, text), <code key={name}>{factValue(name, value, text)}</code>] as const,
    ),
  ] as const;
  return <Facts of={facts.filter(([, value]) => value !== undefined)} />;
}

/** The order's page, and all that the timeline has of it. */
function OrderLink({ order }: { order: string }) {
  const { timeline } = useText();
  return (
    <span className="order-links">
      <a href={hrefOf({ path: ['orders', order], query: {} })}>{order}</a>
      <a href={hrefOf({ path: ['timeline'], query: { order } })}>{timeline.ofOrder}</a>
    </span>
  );
}

function Failure({ of }: { of: unknown }) {
  const { code, message } = Object(of);
  return (
    <code className="bad-text">{code === undefined ? String(of) : `${code} ${message ?? ''}`}</code>
  );
}
