import { useState } from 'react';
import { importScenario } from '../../client/files.ts';
import { Import } from '../../parts/act/Import.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { type Play, useScenarios } from '../../state/scenarios.ts';
import { useText } from '../../text/dictionary.ts';
import { Played } from './Played.tsx';
import { Record } from './Record.tsx';
import { ScenarioLine } from './ScenarioLine.tsx';

/** The scenarios: what is done is recorded, played again step by step, carried away and back as a file. */
export function ScenariosPage() {
  const { scenarios } = useText();
  const kept = useScenarios();
  const { data } = kept;
  const [play, setPlay] = useState<Play>();
  const taken = (data?.scenarios ?? []).map(({ name }) => name);
  const isBusy = data?.recording !== undefined || data?.playing !== undefined;
  return (
    <>
      <header className="page-head">
        <h1>{scenarios.title}</h1>
        <p className="faint">{scenarios.intro}</p>
      </header>
      <div className="worlds-page">
        <section className="card" aria-labelledby="scenarios-title">
          <h2 id="scenarios-title">{scenarios.all}</h2>
          {data === undefined && <Unread of={kept} />}
          <ul className="worlds-list">
            {data?.scenarios.map((line) => (
              <ScenarioLine key={line.name} line={line} isBusy={isBusy} played={setPlay} />
            ))}
          </ul>
        </section>
        <div className="order-page">
          <div className="play-outcome" aria-live="polite">
            {(play || data?.playing) && (
              <Played play={play} playing={data?.playing} lines={data?.scenarios ?? []} />
            )}
          </div>
          <Record isBusy={isBusy} taken={taken} />
          <Import
            hint={scenarios.importHint}
            label={scenarios.file}
            accept=".json"
            taken={taken}
            keep={importScenario}
          />
        </div>
      </div>
    </>
  );
}
