import { useId } from 'react';

interface FieldProps {
  label: string;
  hint?: string;
  value: string;
  change(value: string): void;
  /** Lines that are seen at once; one is a plain field. */
  rows?: number;
}

/** A field for a text, with its name and what belongs into it. */
export function Field({ label, hint, value, change, rows = 1 }: FieldProps) {
  const id = useId();
  const shared = {
    id,
    value,
    spellCheck: false,
    autoComplete: 'off',
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  };
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      {rows === 1 ? (
        <input {...shared} onChange={({ target }) => change(target.value)} />
      ) : (
        <textarea {...shared} rows={rows} onChange={({ target }) => change(target.value)} />
      )}
      {hint !== undefined && (
        <small className="faint" id={`${id}-hint`}>
          {hint}
        </small>
      )}
    </div>
  );
}
