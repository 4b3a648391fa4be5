import { ask } from '../../client/client.ts';
import { scenarioFileAt } from '../../client/files.ts';
import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Asked } from '../../parts/act/Asked.tsx';
import { Button } from '../../parts/Button.tsx';
import { type Line, type Play, removeScenario } from '../../state/scenarios.ts';
import { useText } from '../../text/dictionary.ts';

interface ScenarioLineProps {
  line: Line;
  /** One is recorded or played: no other can be. */
  isBusy: boolean;
  played(play: Play): void;
}

/** One scenario: how long it is, and what may be done with it; deleting is asked about first. */
export function ScenarioLine({ line, isBusy, played }: ScenarioLineProps) {
  const { scenarios, files, language } = useText();
  const { name, title, steps, fault } = line;
  const play = async () =>
    played(await ask('POST /_local/scenarios/{name}/play', { path: { name } }));
  return (
    <li className="world-line" data-scenario={name}>
      <div className="line-head">
        <strong>{title?.[language] ?? name}</strong>
        <span className="faint figures">{fault === undefined && scenarios.steps(steps)}</span>
      </div>
      {title && (
        <p className="faint">
          {scenarios.example} · <code>{name}</code>
        </p>
      )}
      {fault !== undefined && <p className="bad-text">{inOneLanguage(fault, language)}</p>}
      <div className="buttons">
        {fault === undefined && (
          <>
            <Button act={play} isDisabled={isBusy}>
              {scenarios.play}
            </Button>
            <a
              className="button plain"
              href={scenarioFileAt(name)}
              download={`${name}.scenario.json`}
            >
              {files.exportFile}
            </a>
          </>
        )}
        {!title && (
          <Asked words={files.remove} question={files.removes} act={() => removeScenario(name)} />
        )}
      </div>
    </li>
  );
}
