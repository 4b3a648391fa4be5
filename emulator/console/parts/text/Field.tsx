import { useId } from 'react';
import { FieldNotes, type Notes, notesOf } from './FieldNotes.tsx';

interface FieldProps extends Notes {
  label: string;
  value: string;
  change(value: string): void;
  /** Lines that are seen at once; one is a plain field. */
  rows?: number;
  /** The keys that a phone shows for it. */
  inputMode?: 'decimal';
}

/** A field for a text, with its name and what belongs into it. */
export function Field({ label, hint, error, value, change, rows = 1, inputMode }: FieldProps) {
  const id = useId();
  const shared = {
    id,
    value,
    spellCheck: false,
    autoComplete: 'off',
    inputMode,
    ...notesOf(id, { hint, error }),
  };
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      {rows === 1 ? (
        <input {...shared} onChange={({ target }) => change(target.value)} />
      ) : (
        <textarea {...shared} rows={rows} onChange={({ target }) => change(target.value)} />
      )}
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}
