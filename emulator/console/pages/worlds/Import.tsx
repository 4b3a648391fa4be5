import { useRef, useState } from 'react';
import { importWorld } from '../../client/files.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';
import { isName, nameOfFile } from './name.ts';

/** Takes a file of another local cloud in: it is checked and kept, and changes nothing until it is loaded. */
export function Import() {
  const { worlds } = useText();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const pick = (picked: File | undefined) => {
    setFile(picked);
    if (picked) setName(nameOfFile(picked.name));
  };
  const keep = async () => {
    if (!file) return;
    await importWorld(name, file);
    setFile(undefined);
    if (picker.current) picker.current.value = '';
  };
  return (
    <section className="card world-form" aria-labelledby="import-title">
      <h2 id="import-title">{worlds.importFile}</h2>
      <p className="faint">{worlds.importHint}</p>
      <input
        ref={picker}
        className="field"
        type="file"
        accept=".gz"
        aria-label={worlds.file}
        onChange={({ target }) => pick(target.files?.[0])}
      />
      {file && <Field label={worlds.name} hint={worlds.nameHint} value={name} change={setName} />}
      <div className="buttons">
        <Button act={keep} isDisabled={!file || !isName(name)}>
          {worlds.importIt}
        </Button>
      </div>
    </section>
  );
}
