import { useState } from 'react';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Jumps } from '../../parts/Jumps.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { moveTo, useNow } from '../../state/clock.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, instantIn } from '../../text/forms.ts';
import { Coming } from './Coming.tsx';
import { Timers } from './Timers.tsx';

/** The clock of the local cloud, its timers, and everything that is going to happen by itself. */
export function TimePage() {
  const { time } = useText();
  const resource = useResource('agenda', () => ask('GET /_local/agenda'));
  const { data: agenda } = resource;
  return (
    <>
      <header className="page-head">
        <h1>{time.title}</h1>
        <p className="faint">{time.intro}</p>
      </header>
      <div className="time-page">
        <div className="order-page">
          <Clock />
          {agenda && <Timers agenda={agenda} />}
        </div>
        {agenda ? (
          <Coming agenda={agenda} />
        ) : (
          <div className="card">
            <Unread of={resource} />
          </div>
        )}
      </div>
    </>
  );
}

function Clock() {
  const { house } = useText();
  const nowMs = useNow();
  const shown = nowMs === undefined ? '—' : beijing(nowMs);
  return (
    <section className="card clock-card" aria-label={house.clock.label}>
      <time className="big-clock figures">
        <span>{shown.slice(0, 10)}</span>
        {shown.slice(11)}
      </time>
      <Jumps />
      <Instant nowMs={nowMs} />
    </section>
  );
}

/** A field for an instant of one's own; shut until it is known what time it is. */
function Instant({ nowMs }: { nowMs: number | undefined }) {
  const { time } = useText();
  const [typed, setTyped] = useState('');
  const atMs = instantIn(typed);
  const isPast = nowMs !== undefined && atMs !== undefined && atMs <= nowMs;
  const wrong = atMs === undefined ? time.noInstant : time.wrong;
  const isShut = nowMs === undefined || atMs === undefined || isPast;
  return (
    <div className="instant">
      <Field
        label={`${time.goTo} · ${time.instant}`}
        value={typed}
        change={setTyped}
        hint={time.form(beijing(nowMs).slice(0, 16))}
        error={typed !== '' && nowMs !== undefined && isShut ? wrong : undefined}
      />
      <Button act={() => moveTo(new Date(atMs ?? 0).toISOString())} isDisabled={isShut}>
        {time.go}
      </Button>
    </div>
  );
}
