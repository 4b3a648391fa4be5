import { useRef, useState } from 'react';
import { useText } from '../../text/dictionary.ts';
import { Button } from '../Button.tsx';
import { Field } from '../text/Field.tsx';
import { isName, nameOfFile } from '../text/name.ts';

interface ImportProps {
  /** Says what becomes of a file. */
  hint: string;
  /** Names the file that is asked for, and its ending. */
  label: string;
  accept: string;
  /** Keeps the file under a name, once the local cloud found it sound. */
  keep(name: string, file: File): Promise<object>;
}

/** Takes a file of another local cloud in: it is checked and kept, and changes nothing. */
export function Import({ hint, label, accept, keep }: ImportProps) {
  const { files } = useText();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const pick = (picked: File | undefined) => {
    setFile(picked);
    if (picked) setName(nameOfFile(picked.name));
  };
  const take = async () => {
    if (!file) return;
    await keep(name, file);
    setFile(undefined);
    if (picker.current) picker.current.value = '';
  };
  return (
    <section className="card world-form" aria-labelledby="import-title">
      <h2 id="import-title">{files.importFile}</h2>
      <p className="faint">{hint}</p>
      <input
        ref={picker}
        className="field"
        type="file"
        accept={accept}
        aria-label={label}
        onChange={({ target }) => pick(target.files?.[0])}
      />
      {file && <Field label={files.name} hint={files.nameHint} value={name} change={setName} />}
      <div className="buttons">
        <Button act={take} isDisabled={!file || !isName(name)}>
          {files.importIt}
        </Button>
      </div>
    </section>
  );
}
