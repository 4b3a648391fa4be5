import { memo } from 'react';
import { useText } from '../../text/dictionary.ts';
import { timeOfDay } from '../../text/forms.ts';
import { LANES } from './filter.ts';
import { isBad, type Row, type Rows } from './rows.ts';
import { outcomeOf } from './words.ts';

interface LineProps {
  row: Row;
  rows: Rows;
  top: number;
  /** Its place among all, from 1. */
  place: number;
  isSelected: boolean;
}

/** One entry: when, in whose lane and from whose, what, how it ended and how long it took. */
export const Line = memo(function Line({ row, rows, top, place, isSelected }: LineProps) {
  const text = useText();
  const { timeline } = text;
  const { entry } = row;
  const name = timeline.whats[entry.what] ?? entry.what;
  return (
    <div
      id={`entry-${entry.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={place}
      aria-setsize={rows.rows.length}
      className={`waterfall-row lane-${entry.actor}${isBad(entry) ? ' bad' : ''}`}
      style={{ top }}
    >
      <time className="figures">{timeOfDay(row.startMs)}</time>
      <Lane row={row} rows={rows} />
      <span className="row-what">
        <span className="row-actor">{timeline.lanes[entry.actor]}</span>
        <span className="row-name">{name}</span>
        <code className="row-subject">{entry.subject}</code>
        <span className="row-outcome">{outcomeOf(entry, text)}</span>
      </span>
      <Bar row={row} rows={rows} />
    </div>
  );
});

const LANE_SHARE = 100 / LANES.length;
const middleOf = (lane: number) => (lane + 0.5) * LANE_SHARE;

function Lane({ row, rows }: Pick<LineProps, 'row' | 'rows'>) {
  const own = LANES.indexOf(row.entry.actor);
  const cause = rows.byKey.get(row.entry.cause ?? '');
  const from = cause ? LANES.indexOf(cause.entry.actor) : own;
  const left = Math.min(own, from);
  const width = Math.abs(own - from) * LANE_SHARE;
  return (
    <span className="lanes" aria-hidden="true">
      {width > 0 && (
        <span className="lane-link" style={{ left: `${middleOf(left)}%`, width: `${width}%` }} />
      )}
      {width > 0 && <span className="lane-source" style={{ left: `${middleOf(from)}%` }} />}
      <span className="lane-dot" style={{ left: `${middleOf(own)}%` }} />
    </span>
  );
}

/** How long it took, drawn within the time of all that followed from the same act. */
function Bar({ row, rows }: Pick<LineProps, 'row' | 'rows'>) {
  const { entry, startMs, endMs } = row;
  const all = rows.extents.get(entry.chain ?? '');
  const wholeMs = all ? all.endMs - all.startMs : 0;
  const share = (ms: number) => (wholeMs > 0 ? (ms / wholeMs) * 100 : 0);
  const left = Math.min(99, share(startMs - (all?.startMs ?? startMs)));
  return (
    <span className="bar">
      <span className="bar-track" aria-hidden="true">
        {wholeMs > 0 && (
          <span
            className="bar-fill"
            style={{ left: `${left}%`, width: `${Math.max(1, share(endMs - startMs))}%` }}
          />
        )}
      </span>
      <span className="figures bar-ms">{entry.ms === undefined ? '' : took(entry.ms)}</span>
    </span>
  );
}

function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${(ms / 1000).toFixed(2)} s`;
}
