import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { useAddress } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { Detail } from './Detail.tsx';
import { Filters } from './Filters.tsx';
import { type Filter, filterIn, isNarrowed, NO_FILTER, queryOf, show } from './filter.ts';
import { useLog } from './log.ts';
import { Waterfall } from './Waterfall.tsx';

/** Says that nothing happened, or that a filter hides it. */
function Nothing({ filter }: { filter: Filter }) {
  const { timeline } = useText();
  if (!isNarrowed(filter))
    return <Empty icon="wait" title={timeline.nothing} hint={timeline.nothingHint} />;
  return (
    <Empty icon="search" title={timeline.noMatch} hint={timeline.noMatchHint}>
      <Button act={() => show(filter, NO_FILTER)}>{timeline.all}</Button>
    </Empty>
  );
}

/** Everything that happened, with what it followed from: a lane for everybody who acts. */
export function TimelinePage() {
  const { timeline } = useText();
  const filter = filterIn(useAddress().query);
  const { rows, isRead, hasOlder, readOlder, ...log } = useLog(queryOf(filter));
  const selected = Number(filter.entry) || undefined;
  const select = (id: number | undefined) => show(filter, { entry: String(id ?? '') });
  return (
    <div className="timeline">
      <header className="page-head">
        <h1>{timeline.title}</h1>
        <p className="faint">{timeline.intro}</p>
      </header>
      <Filters filter={filter} count={rows.rows.length} hasOlder={hasOlder} />
      <div className={selected === undefined ? 'timeline-body' : 'timeline-body with-detail'}>
        <section className="card waterfall-card" aria-label={timeline.title}>
          {isRead && rows.rows.length === 0 ? (
            <Nothing filter={filter} />
          ) : (
            <Waterfall rows={rows} selected={selected} select={select} readOlder={readOlder} />
          )}
          {!isRead && (
            <div className="waterfall-wait">
              <Unread of={log} />
            </div>
          )}
        </section>
        {selected !== undefined && (
          <Detail id={selected} order={filter.order} rows={rows} select={select} />
        )}
      </div>
    </div>
  );
}
