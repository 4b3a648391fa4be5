import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { worldFileAt } from '../../client/files.ts';
import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Asked } from '../../parts/act/Asked.tsx';
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
  const { worlds, files } = useText();
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
        {files.exportFile}
      </a>
      <Asked
        words={files.remove}
        question={files.removes}
        act={() => ask('DELETE /_local/snapshots/{name}', { path })}
      />
    </div>
  );
}
