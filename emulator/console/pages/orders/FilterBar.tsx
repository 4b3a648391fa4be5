import { useEffect, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import type { OrderRow } from '../../parts/Standing.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';
import { type Filter, isAmount, isNarrow, showFilter } from './filter.ts';

interface FilterBarProps {
  filter: Filter;
  /** Undefined until they are known. */
  counts: Record<string, number> | undefined;
  total: number | undefined;
}

const SHOWN_AFTER_MS = 200;
const NONE: Filter = { text: '', standing: '', from: '', to: '' };

/** The filter of the table: text, amounts, and where orders stand, with how many stand there. */
export function FilterBar({ filter, counts, total }: FilterBarProps) {
  const { orders } = useText();
  return (
    <search className="filter" aria-label={orders.filter}>
      <div className="filter-fields">
        <Typed label={orders.search} name="text" filter={filter} />
        <Typed label={orders.from} name="from" filter={filter} />
        <Typed label={orders.to} name="to" filter={filter} />
        <Button act={() => showFilter(NONE)} isDisabled={!isNarrow(filter)}>
          {orders.clear}
        </Button>
        <output className="faint figures">
          {total === undefined ? '' : orders.count(total.toLocaleString('en'))}
        </output>
      </div>
      {counts && <Standings filter={filter} counts={counts} />}
    </search>
  );
}

interface TypedProps {
  label: string;
  name: 'text' | 'from' | 'to';
  filter: Filter;
}

/** A field whose text reaches the address once its writer pauses; an amount that is none never does. */
function Typed({ label, name, filter }: TypedProps) {
  const { orders } = useText();
  const shown = filter[name];
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  useEffect(() => {
    if (typed === shown || (name !== 'text' && !isAmount(typed))) return;
    const timer = setTimeout(() => showFilter({ ...filter, [name]: typed }), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, shown, filter, name]);
  if (name === 'text') {
    return (
      <input
        className="field wide"
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    );
  }
  return (
    <Field
      label={label}
      inputMode="decimal"
      value={typed}
      change={setTyped}
      error={isAmount(typed) ? undefined : orders.noAmount}
    />
  );
}

interface StandingsProps {
  filter: Filter;
  counts: Record<string, number>;
}

function Standings({ filter, counts }: StandingsProps) {
  const { orders } = useText();
  const names = Object.keys(orders.standings) as OrderRow['standing'][];
  const isThere = (name: string) => (counts[name] ?? 0) > 0 || filter.standing === name;
  const chip = (standing: string, words: string, count: number) => (
    <button
      key={standing}
      type="button"
      className="chip"
      aria-pressed={filter.standing === standing}
      onClick={() => showFilter({ ...filter, standing })}
    >
      {words} <span className="figures">{count.toLocaleString('en')}</span>
    </button>
  );
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="chips">
      {chip('', orders.all, all)}
      {names.filter(isThere).map((name) => chip(name, orders.standings[name], counts[name] ?? 0))}
    </div>
  );
}
