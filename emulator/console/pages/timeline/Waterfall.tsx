import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { useFollowedEnd } from '../../parts/rows/followedEnd.ts';
import { useRowWindow } from '../../parts/rows/rowWindow.ts';
import { useText } from '../../text/dictionary.ts';
import { LANES } from './filter.ts';
import { Line } from './Line.tsx';
import type { Rows } from './rows.ts';

interface WaterfallProps {
  rows: Rows;
  selected: number | undefined;
  select(id: number | undefined): void;
  readOlder(): unknown;
}

const ROW_PX = 34;
const OLDER_BEFORE_PX = 600;

/** The lines in the order of time; only those in sight are on the page. */
export function Waterfall({ rows, selected, select, readOlder }: WaterfallProps) {
  const { timeline } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const count = rows.rows.length;
  const { from, to } = useRowWindow(scroller, { count, rowPx: ROW_PX });
  useFollowedEnd(scroller, { firstPlace: rows.firstPlace, count, rowPx: ROW_PX });
  const at = rows.rows.findIndex(({ entry }) => entry.id === selected);
  useLayoutEffect(() => keepInSight(scroller.current, at), [at]);
  return (
    <div className="waterfall">
      <div className="waterfall-head" aria-hidden="true">
        <span>{timeline.time}</span>
        <span className="lanes">
          {LANES.map((lane) => (
            <span key={lane} className={`lane-name lane-${lane}`}>
              {timeline.lanes[lane]}
            </span>
          ))}
        </span>
        <span>{timeline.what}</span>
        <span className="bar-head">{timeline.took}</span>
      </div>
      <div
        ref={scroller}
        className="waterfall-rows"
        role="listbox"
        tabIndex={0}
        aria-label={timeline.list}
        aria-activedescendant={at < 0 ? undefined : `entry-${selected}`}
        onScroll={({ currentTarget }) => {
          if (currentTarget.scrollTop < OLDER_BEFORE_PX) readOlder();
        }}
        onClick={({ target }) => {
          const line = (target as Element).closest('[role=option]');
          if (line) select(Number(line.id.slice('entry-'.length)));
        }}
        onKeyDown={(event) => move(event, { rows, at, select })}
      >
        <div className="waterfall-space" style={{ height: count * ROW_PX }}>
          {rows.rows.slice(from, to).map((row, index) => (
            <Line
              key={row.entry.id}
              row={row}
              rows={rows}
              top={(from + index) * ROW_PX}
              place={from + index + 1}
              isSelected={row.entry.id === selected}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function keepInSight(element: HTMLElement | null, at: number): void {
  if (!element || at < 0) return;
  const top = at * ROW_PX;
  if (top < element.scrollTop) element.scrollTop = top;
  const end = top + ROW_PX - element.clientHeight;
  if (end > element.scrollTop) element.scrollTop = end;
}

interface Moving extends Pick<WaterfallProps, 'rows' | 'select'> {
  at: number;
}

const PAGE = 12;
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Moves from line to line by keys; Left goes to the cause, Escape closes what is open beside the list. */
function move(event: KeyboardEvent, { rows: { rows, byKey }, at, select }: Moving): void {
  const { key } = event;
  const cause = byKey.get(rows[at]?.entry.cause ?? '');
  const step = STEPS[key];
  if (key === 'Escape') select(undefined);
  else if (key === 'ArrowLeft' && cause) select(cause.entry.id);
  else if (step !== undefined) {
    // Nothing is chosen yet: down begins at the first line, up at the last.
    const begin = step < 0 ? rows.length : -1;
    const from = at < 0 ? begin : at;
    const next = Math.min(rows.length - 1, Math.max(0, from + step));
    select(rows[next]?.entry.id);
  } else return;
  event.preventDefault();
}
