import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Icon } from '../../parts/Icon.tsx';
import type { Line, Play } from '../../state/scenarios.ts';
import { useText } from '../../text/dictionary.ts';

type Step = Play['played'][number];

interface PlayedProps {
  play: Play | undefined;
  /** How far the play under way is. */
  playing: AnswerOf<'GET /_local/scenarios'>['playing'];
  lines: readonly Line[];
}

/** Shows what came of the last play, step by step, and how far one is while it runs. */
export function Played({ play, playing, lines }: PlayedProps) {
  const { scenarios, language } = useText();
  const titleOf = (name: string) =>
    lines.find((line) => line.name === name)?.title?.[language] ?? name;
  return (
    <section className="card world-form" aria-labelledby="played-title">
      <h2 id="played-title">{scenarios.result}</h2>
      {playing && (
        <div className="play-progress">
          <p>{scenarios.isPlaying(titleOf(playing.name))}</p>
          <progress
            value={playing.done}
            max={playing.steps}
            aria-label={scenarios.playing(playing.done, playing.steps)}
          />
          <span className="faint figures">{scenarios.playing(playing.done, playing.steps)}</span>
        </div>
      )}
      {!playing && play && <Outcome play={play} title={titleOf(play.name)} />}
    </section>
  );
}

function Outcome({ play, title }: { play: Play; title: string }) {
  const { scenarios, language } = useText();
  const { steps, played, stopped } = play;
  return (
    <>
      <p className={stopped ? 'bad-text' : 'good-text'}>
        {stopped
          ? scenarios.stoppedAt(title, stopped.step, steps)
          : scenarios.playedWhole(title, steps)}
      </p>
      <ol className="played-steps">
        {played.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is named by its place alone
          <li key={at} className="played-step">
            <Icon name="check" size={16} />
            <Words step={step} />
          </li>
        ))}
        {stopped && (
          <li className="played-step bad">
            <Icon name="cross" size={16} />
            <Words step={{ ...stopped, came: stopped.came ?? stopped.expected }} />
            <p className="played-reason">{inOneLanguage(stopped.reason, language)}</p>
          </li>
        )}
      </ol>
    </>
  );
}

function Words({ step: { call, detail, came } }: { step: Step }) {
  const { scenarios } = useText();
  const word = call.split('/')[2] ?? '';
  const { http, ...others } = came;
  const ends = Object.values(others).filter((value) => value !== 0);
  return (
    <div className="played-words" title={call}>
      <span>{scenarios.acts[word] ?? call}</span>
      {detail !== undefined && <code>{detail}</code>}
      <span className="faint">{[...ends, ...(http === 200 ? [] : [http])].join(' · ')}</span>
    </div>
  );
}
