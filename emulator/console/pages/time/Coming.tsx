import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { moveTo, useNow } from '../../state/clock.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing, duration } from '../../text/forms.ts';

type Agenda = AnswerOf<'GET /_local/agenda'>;

/** Everything that is going to happen by itself, the earliest first, each a jump away. */
export function Coming({ agenda }: { agenda: Agenda }) {
  const { time } = useText();
  return (
    <section className="card" aria-labelledby="coming-title">
      <h2 id="coming-title">{time.coming}</h2>
      {agenda.length === 0 && <Empty icon="wait" title={time.nothing} hint={time.nothingHint} />}
      <ol className="lines">
        {agenda.map((due) => (
          <Line key={`${due.kind} ${due.key}`} of={due} />
        ))}
      </ol>
    </section>
  );
}

function Line({ of: { kind, key, at } }: { of: Agenda[number] }) {
  const { time, language } = useText();
  const nowMs = useNow() ?? 0;
  const leftMs = Date.parse(at) - nowMs;
  return (
    <li>
      <div className="line-head">
        <strong>{time.kinds[kind] ?? kind}</strong>
        <code className="faint">{key}</code>
        <span className="line-at">
          <Button
            act={() => moveTo(at)}
            isDisabled={leftMs <= 0}
            label={`${time.go} ${time.kinds[kind] ?? kind} ${key}`}
          >
            {time.go}
          </Button>
        </span>
      </div>
      <span className="faint figures">
        {`${beijing(at)} · ${leftMs > 0 ? time.inTime(duration(leftMs, language)) : time.now}`}
      </span>
    </li>
  );
}
