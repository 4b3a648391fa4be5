import { useEffect, useRef, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { useText } from '../../text/dictionary.ts';
import { type Filter, isNarrowed, KINDS, LANES, lanesOf, NO_FILTER, show } from './filter.ts';

interface FiltersProps {
  filter: Filter;
  count: number;
  hasOlder: boolean;
}

/** Narrows what is looked at: who acted, what sort of thing, which order, which words. */
export function Filters({ filter, count, hasOlder }: FiltersProps) {
  const { timeline } = useText();
  return (
    <search className="timeline-filters">
      <Lanes filter={filter} />
      <label>
        <span className="unseen">{timeline.kind}</span>
        <select
          className="field"
          value={filter.kind}
          onChange={({ target }) => show(filter, { kind: target.value })}
        >
          <option value="">{timeline.anyKind}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {timeline.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      <Words name="order" filter={filter} label={timeline.order} />
      <Words name="text" filter={filter} label={timeline.text} />
      {isNarrowed(filter) && (
        <Button kind="quiet" act={() => show(filter, NO_FILTER)}>
          {timeline.all}
        </Button>
      )}
      <output className="faint figures">{timeline.count(count, hasOlder ? '+' : '')}</output>
    </search>
  );
}

/** The lanes, each with a switch; all are shown where none is chosen. */
function Lanes({ filter }: { filter: Filter }) {
  const { timeline } = useText();
  const lanes = lanesOf(filter);
  const chosen = lanes.length === LANES.length ? [] : lanes;
  const flip = (lane: string) => {
    const next = chosen.includes(lane) ? chosen.filter((each) => each !== lane) : [...chosen, lane];
    show(filter, { actor: LANES.filter((each) => next.includes(each)).join(',') });
  };
  return (
    <fieldset className="lane-switches">
      <legend className="unseen">{timeline.actor}</legend>
      {LANES.map((lane) => (
        <button
          key={lane}
          type="button"
          className={`lane-switch lane-${lane}`}
          aria-pressed={chosen.includes(lane)}
          onClick={() => flip(lane)}
        >
          <span className="lane-mark" aria-hidden="true" />
          {timeline.lanes[lane]}
        </button>
      ))}
    </fieldset>
  );
}

interface WordsProps {
  name: 'order' | 'text';
  filter: Filter;
  label: string;
}

const TYPED_MS = 150;

/** A field whose words go into the address once somebody has stopped typing. */
function Words({ name, filter, label }: WordsProps) {
  const [typed, setTyped] = useState(filter[name]);
  const shown = useRef(filter[name]);
  useEffect(() => {
    if (filter[name] !== shown.current) setTyped(filter[name]);
    shown.current = filter[name];
  }, [filter, name]);
  useEffect(() => {
    if (typed === shown.current) return;
    const timer = setTimeout(() => {
      shown.current = typed;
      show(filter, { [name]: typed.trim() });
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, filter, name]);
  return (
    <input
      className={`field field-${name}`}
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}
