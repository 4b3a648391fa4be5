import { useState } from 'react';
import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { useWorld } from '../../state/world.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';

type Agenda = AnswerOf<'GET /_local/agenda'>;
type Functions = AnswerOf<'GET /_local/world'>['functions'];

/** The timers of what is deployed: when each runs next, and a way to run it now. */
export function Timers({ agenda }: { agenda: Agenda }) {
  const { time } = useText();
  const world = useWorld();
  const { data } = world;
  const timed = (data?.functions ?? []).filter(({ timers }) => timers.length > 0);
  return (
    <section className="card" aria-labelledby="timers-title">
      <h2 id="timers-title">{time.timers}</h2>
      {!data && <Unread of={world} />}
      {data && timed.length === 0 && (
        <Empty icon="clock" title={time.noTimers} hint={time.noTimersHint} />
      )}
      <ul className="lines">
        {timed.map((each) => (
          <Line key={each.name} of={each} agenda={agenda} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of: { name, timers }, agenda }: { of: Functions[number]; agenda: Agenda }) {
  const { time } = useText();
  const [outcome, setOutcome] = useState<AnswerOf<'POST /_local/timers/{function}'>[number]>();
  const run = async () => {
    const path = { function: name };
    setOutcome((await ask('POST /_local/timers/{function}', { path })).at(-1));
  };
  const nextOf = (trigger: string) =>
    agenda.find(({ kind, key }) => kind === 'timer' && key === `${name}/${trigger}`)?.at;
  return (
    <li>
      <div className="line-head">
        <code className="event-type">{name}</code>
        <span className="line-at">
          <Button act={run} label={`${time.runNow} ${name}`}>
            {time.runNow}
          </Button>
        </span>
      </div>
      {timers.map(({ name: trigger, cron }) => (
        <div key={trigger} className="line-head">
          <code className="faint">{cron}</code>
          <span className="faint figures line-at">{`${time.nextRun} ${beijing(nextOf(trigger))}`}</span>
        </div>
      ))}
      <p role="status" className={outcome?.error ? 'field-error' : 'faint'}>
        {outcome &&
          (outcome.error
            ? time.failed(outcome.error.code)
            : time.ran(outcome.durationMs.toFixed(0)))}
      </p>
    </li>
  );
}
