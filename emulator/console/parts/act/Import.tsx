import { useRef, useState } from 'react';
import { useText } from '../../text/dictionary.ts';
import { Field } from '../text/Field.tsx';
import { nameOfFile } from '../text/name.ts';
import { Keep, type Manner } from './Keep.tsx';

interface ImportProps {
  /** Says what becomes of a file. */
  hint: string;
  /** Names the file that is asked for, and its ending. */
  label: string;
  accept: string;
  /** Names that are there already. */
  taken: readonly string[];
  /** Keeps the file under a name, once the local cloud found it sound. */
  keep(name: string, file: File, manner: Manner): Promise<object>;
}

/** Takes a file of another local cloud in: it is checked and kept, and changes nothing. */
export function Import({ hint, label, accept, taken, keep }: ImportProps) {
  const { files } = useText();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const pick = (picked: File | undefined) => {
    setFile(picked);
    if (picked) setName(nameOfFile(picked.name));
  };
  const take = async (manner: Manner) => {
    if (!file) return;
    await keep(name, file, manner);
    setFile(undefined);
    if (picker.current) picker.current.value = '';
  };
  return (
    <section className="card world-form" aria-labelledby="import-title">
      <h2 id="import-title">{files.importFile}</h2>
      <p className="faint">{hint}</p>
      <div className="line-head">
        {/* The browser's own field speaks the browser's language: it is there, unseen, on top of ours. */}
        <label className="button plain file-choice">
          {files.choose}
          <input
            ref={picker}
            type="file"
            accept={accept}
            aria-label={`${files.choose} ${label}`}
            title={label}
            onChange={({ target }) => pick(target.files?.[0])}
          />
        </label>
        <span className="faint file-name">{file?.name ?? label}</span>
      </div>
      {file && <Field label={files.name} hint={files.nameHint} value={name} change={setName} />}
      <div className="buttons">
        <Keep words={files.importIt} name={name} taken={taken} keep={take} isDisabled={!file} />
      </div>
    </section>
  );
}
