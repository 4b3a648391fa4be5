import { type ReactNode, useId } from 'react';
import { FieldNotes, type Notes, notesOf } from './FieldNotes.tsx';

interface ChoiceProps extends Notes {
  label: string;
  value: string;
  change(value: string): void;
  /** Its options, in groups where they are many. */
  children: ReactNode;
}

/** A field in which one of several is chosen, with its name and what belongs into it. */
export function Choice({ label, value, change, children, hint, error }: ChoiceProps) {
  const id = useId();
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => change(target.value)}
        {...notesOf(id, { hint, error })}
      >
        {children}
      </select>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}
