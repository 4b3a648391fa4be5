import { useState } from 'react';
import { ask } from '../../client/client.ts';
import { Keep, type Manner } from '../../parts/act/Keep.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';

/** Saves the world as it stands now, under a name. */
export function Save({ taken }: { taken: readonly string[] }) {
  const { worlds, files } = useText();
  const [name, setName] = useState('');
  const save = async (manner: Manner) => {
    await ask('POST /_local/snapshots', { body: { name, replace: manner === 'replace' } });
    setName('');
  };
  return (
    <section className="card world-form" aria-labelledby="save-title">
      <h2 id="save-title">{worlds.saveNow}</h2>
      <Field label={files.name} hint={files.nameHint} value={name} change={setName} />
      <div className="buttons">
        <Keep kind="main" words={worlds.save} name={name} taken={taken} keep={save} />
      </div>
    </section>
  );
}
