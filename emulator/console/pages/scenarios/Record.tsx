import { useState } from 'react';
import { ask } from '../../client/client.ts';
import { Keep, type Manner } from '../../parts/act/Keep.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';

interface RecordProps {
  isBusy: boolean;
  taken: readonly string[];
}

/** Begins to record under a name; the bar at the head of every page ends it. */
export function Record({ isBusy, taken }: RecordProps) {
  const { scenarios, files } = useText();
  const [name, setName] = useState('');
  const start = async (manner: Manner) => {
    const query = { replace: manner === 'replace' ? 'true' : 'false' } as const;
    await ask('POST /_local/scenarios/{name}/record', { path: { name }, query });
    setName('');
  };
  return (
    <section className="card world-form" aria-labelledby="record-title">
      <h2 id="record-title">{scenarios.record}</h2>
      <p className="faint">{scenarios.recordHint}</p>
      <Field label={files.name} hint={files.nameHint} value={name} change={setName} />
      <div className="buttons">
        <Keep
          kind="main"
          words={scenarios.start}
          name={name}
          taken={taken}
          keep={start}
          isDisabled={isBusy}
        />
      </div>
    </section>
  );
}
