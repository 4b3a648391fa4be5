import type { Entry } from '../../client/entry.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Switch } from '../../parts/Switch.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { messageOf, useText } from '../../text/dictionary.ts';
import { CopyAs } from './CopyAs.tsx';
import { lookAt } from './copies/repeatable.ts';
import { EntryFacts } from './EntryFacts.tsx';
import { Message } from './Message.tsx';
import { isBad, type Rows } from './rows.ts';

interface DetailProps {
  id: number;
  /** The order that the page shows alone, if any. */
  order: string;
  rows: Rows;
  select(id: number | undefined): void;
}

/** One entry closely: what it followed from and what followed from it, both sides' bytes, what was printed. */
export function Detail({ id, order, rows, select }: DetailProps) {
  const text = useText();
  const { timeline, house } = text;
  const { isOn: isRevealed, flip } = useToggle();
  const look = lookAt(isRevealed ? 'revealed' : 'masked');
  const { data, error } = useResource(`event ${id} ${isRevealed}`, () => look(id));
  const entry = data?.entry ?? rows.byId.get(id)?.entry;
  return (
    <aside className="card timeline-detail" aria-label={timeline.detail}>
      <div className="card-head">
        <h2>{entry ? (timeline.whats[entry.what] ?? entry.what) : timeline.detail}</h2>
        <Button kind="quiet" icon="cross" label={house.close} act={() => select(undefined)}>
          {null}
        </Button>
      </div>
      {!data && error !== undefined && <p className="faint">{messageOf(error, text)}</p>}
      {entry && (
        <>
          <EntryFacts entry={entry} order={data?.orders[0]} />
          <Relatives entry={entry} rows={rows} select={select} />
          <CopyAs
            key={entry.id}
            entry={entry}
            order={data?.orders[0] ?? (order || undefined)}
            rows={rows}
            isRevealed={isRevealed}
          />
        </>
      )}
      {data && (
        <>
          <Switch isOn={isRevealed} flip={flip}>
            {timeline.reveal}
          </Switch>
          {data.sent && <Message title={timeline.sent} of={data.sent} />}
          {data.answered && <Message title={timeline.answered} of={data.answered} />}
          {data.log && data.log.length > 0 && (
            <Message
              title={timeline.log}
              of={{ line: '', headers: {}, body: data.log.join('\n') }}
            />
          )}
          {entry?.hasExchange && !data.sent && <p className="faint">{timeline.bytesGone}</p>}
        </>
      )}
    </aside>
  );
}

const EFFECTS_MAX = 12;

/** The way to what an entry followed from, and to what followed from it. */
function Relatives({ entry, rows, select }: Omit<DetailProps, 'id' | 'order'> & { entry: Entry }) {
  const { timeline } = useText();
  const cause = rows.byKey.get(entry.cause ?? '')?.entry;
  const effects =
    entry.key === undefined ? [] : rows.rows.filter((row) => row.entry.cause === entry.key);
  if (!cause && effects.length === 0) return null;
  return (
    <div className="relatives">
      {cause && (
        <p>
          <span className="faint">{timeline.cause}</span>
          <Relative entry={cause} select={select} />
        </p>
      )}
      {effects.length > 0 && (
        <p>
          <span className="faint">{timeline.effects(effects.length)}</span>
          {effects.slice(0, EFFECTS_MAX).map((row) => (
            <Relative key={row.entry.id} entry={row.entry} select={select} />
          ))}
        </p>
      )}
    </div>
  );
}

function Relative({ entry, select }: Pick<DetailProps, 'select'> & { entry: Entry }) {
  const { timeline } = useText();
  return (
    <button
      type="button"
      className={`relative lane-${entry.actor}${isBad(entry) ? ' bad' : ''}`}
      onClick={() => select(entry.id)}
    >
      <span className="lane-mark" aria-hidden="true" />
      {timeline.whats[entry.what] ?? entry.what} <code>{entry.subject}</code>
    </button>
  );
}
