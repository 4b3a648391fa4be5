import { useState } from 'react';
import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { isName } from '../../parts/text/name.ts';
import { useText } from '../../text/dictionary.ts';

/** Saves the world as it stands now, under a name. */
export function Save() {
  const { worlds, files } = useText();
  const [name, setName] = useState('');
  const save = async () => {
    await ask('POST /_local/snapshots', { body: { name } });
    setName('');
  };
  return (
    <section className="card world-form" aria-labelledby="save-title">
      <h2 id="save-title">{worlds.saveNow}</h2>
      <Field label={files.name} hint={files.nameHint} value={name} change={setName} />
      <div className="buttons">
        <Button kind="main" act={save} isDisabled={!isName(name)}>
          {worlds.save}
        </Button>
      </div>
    </section>
  );
}
