import { useState } from 'react';
import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { isName } from '../../parts/text/name.ts';
import { useText } from '../../text/dictionary.ts';

/** Begins to record under a name; the bar at the head of every page ends it. */
export function Record({ isBusy }: { isBusy: boolean }) {
  const { scenarios, files } = useText();
  const [name, setName] = useState('');
  const start = async () => {
    await ask('POST /_local/scenarios/{name}/record', { path: { name } });
    setName('');
  };
  return (
    <section className="card world-form" aria-labelledby="record-title">
      <h2 id="record-title">{scenarios.record}</h2>
      <p className="faint">{scenarios.recordHint}</p>
      <Field label={files.name} hint={files.nameHint} value={name} change={setName} />
      <div className="buttons">
        <Button kind="main" act={start} isDisabled={!isName(name) || isBusy}>
          {scenarios.start}
        </Button>
      </div>
    </section>
  );
}
