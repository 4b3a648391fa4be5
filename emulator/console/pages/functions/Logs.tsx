import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { streamStore } from '../../client/stream.ts';
import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Switch } from '../../parts/Switch.tsx';
import { type Toggle, useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';
import { timeOfDay } from '../../text/forms.ts';
import { CALLS_MAX, callsIn, isBad, type LoggedCall, narrowed } from './functionLog.ts';

interface LogsProps {
  names: readonly string[];
  /** The function whose calls are shown; empty: all. */
  name: string;
  choose(name: string): void;
}

/** The end is in sight where so much of the rest is below. */
const END_PX = 24;

/** Shows what functions print, as it happens. */
export function Logs({ names, name, choose }: LogsProps) {
  const { functions } = useText();
  const [text, setText] = useState('');
  const onlyBad = useToggle();
  const { calls, pausing, missed } = useCalls();
  const shown = narrowed(calls, { name, text, isOnlyBad: onlyBad.isOn });
  return (
    <section className="card" aria-labelledby="logs-title">
      <div className="card-head">
        <h2 id="logs-title">{functions.logs}</h2>
        <span role="status" className="faint">
          {pausing.isOn ? `${functions.paused} · ${functions.missed(missed)}` : ''}
        </span>
      </div>
      <p className="faint">{functions.logsHint}</p>
      <div className="log-tools">
        <select
          className="field"
          aria-label={functions.ofFunction}
          value={name}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{functions.allFunctions}</option>
          {names.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <input
          className="field wide"
          type="search"
          aria-label={functions.text}
          placeholder={functions.text}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Switch isOn={onlyBad.isOn} flip={onlyBad.flip}>
          {functions.onlyBad}
        </Switch>
        <Button act={pausing.flip} isPressed={pausing.isOn}>
          {pausing.isOn ? functions.resume : functions.pause}
        </Button>
      </div>
      <Lines calls={shown} isAny={calls.length > 0} />
      <p className="faint log-foot">{functions.atMost(CALLS_MAX)}</p>
    </section>
  );
}

interface Calls {
  calls: LoggedCall[];
  pausing: Toggle;
  /** So many calls came since the pause. */
  missed: number;
}

/** Uses the calls of the timeline; a pause holds them as they were. */
function useCalls(): Calls {
  const { entries } = useSyncExternalStore(streamStore.subscribe, streamStore.current);
  const pausing = useToggle();
  const live = callsIn(entries);
  const lastId = live.at(-1)?.id ?? 0;
  const held = useRef(live);
  if (!pausing.isOn) held.current = live;
  const heldId = held.current.at(-1)?.id ?? 0;
  const missed = lastId > heldId ? live.filter(({ id }) => id > heldId).length : 0;
  return { calls: held.current, pausing, missed };
}

interface LinesProps {
  calls: readonly LoggedCall[];
  /** Whether there are calls at all, which a filter may hide. */
  isAny: boolean;
}

function Lines({ calls, isAny }: LinesProps) {
  const { functions } = useText();
  if (calls.length > 0) return <Following calls={calls} />;
  const title = isAny ? functions.noMatch : functions.noLogs;
  const hint = isAny ? functions.noMatchHint : functions.noLogsHint;
  return <Empty icon="wait" title={title} hint={hint} />;
}

/** The lines, which follow the newest while their end is in sight. */
function Following({ calls }: { calls: readonly LoggedCall[] }) {
  const { functions } = useText();
  const list = useRef<HTMLOListElement>(null);
  const place = useRef({ isAtEnd: true });
  useEffect(() => {
    if (calls.length > 0 && place.current.isAtEnd)
      list.current?.scrollTo(0, list.current.scrollHeight);
  }, [calls]);
  return (
    <ol
      ref={list}
      className="log-calls"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
      tabIndex={0}
      aria-label={functions.logs}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        place.current.isAtEnd = scrollTop + clientHeight > scrollHeight - END_PX;
      }}
    >
      {calls.map((call) => (
        <Call key={call.id} of={call} />
      ))}
    </ol>
  );
}

function Call({ of: call }: { of: LoggedCall }) {
  const { at, name, ms, error, lines } = call;
  return (
    <li className={isBad(call) ? 'bad' : undefined}>
      <p className="log-head">
        <time className="figures">{timeOfDay(at)}</time>
        <strong>{name}</strong>
        <span className="figures">{`${ms.toFixed(0)} ms`}</span>
        {error !== undefined && <span className="log-error">{error}</span>}
      </p>
      {lines.map(({ text, level }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one call keep their places
        <p key={index} className={`log-line ${level}`}>
          {text}
        </p>
      ))}
    </li>
  );
}
