import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { worldFileAt } from '../../client/files.ts';
import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Button } from '../../parts/Button.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';

type World = AnswerOf<'GET /_local/snapshots'>[number];

/** One saved world: what is in it, and what may be done with it; loading and deleting are asked about first. */
export function WorldLine({ world }: { world: World }) {
  const { worlds, language } = useText();
  const { name, savedAt, bytes, now, orders = 0, fault } = world;
  const kilobytes = (bytes / 1000).toFixed(1);
  return (
    <li className="world-line" data-world={name}>
      <div className="line-head">
        <strong>{name}</strong>
        <span className="faint figures">{`${kilobytes} kB`}</span>
      </div>
      {fault === undefined ? (
        <p className="faint">{worlds.holds(orders.toLocaleString('en'), beijing(now))}</p>
      ) : (
        <p className="bad-text">{inOneLanguage(fault, language)}</p>
      )}
      <p className="faint figures">{worlds.savedAt(beijing(savedAt))}</p>
      <Acts world={world} />
    </li>
  );
}

function Acts({ world: { name, fault } }: { world: World }) {
  const { worlds } = useText();
  const path = { name };
  return (
    <div className="buttons">
      {fault === undefined && (
        <Asked
          words={worlds.load}
          question={worlds.loses}
          act={() => ask('POST /_local/snapshots/{name}/load', { path })}
        />
      )}
      <a className="button plain" href={worldFileAt(name)} download={`${name}.world.gz`}>
        {worlds.exportFile}
      </a>
      <Asked
        words={worlds.remove}
        question={worlds.removes}
        act={() => ask('DELETE /_local/snapshots/{name}', { path })}
      />
    </div>
  );
}

interface AskedProps {
  words: string;
  /** Says what is lost. */
  question: string;
  act(): unknown;
}

/** A button that says first what is lost by it, and does it at the second press. */
function Asked({ words, question, act }: AskedProps) {
  const { worlds } = useText();
  const asked = useToggle();
  if (!asked.isOn) return <Button act={asked.turnOn}>{words}</Button>;
  const doIt = async () => {
    await act();
    asked.turnOff();
  };
  return (
    <fieldset className="world-question" aria-label={words}>
      <p>{question}</p>
      <Button kind="main" act={doIt}>{`${worlds.sure}${words}`}</Button>
      <Button act={asked.turnOff}>{worlds.leave}</Button>
    </fieldset>
  );
}
