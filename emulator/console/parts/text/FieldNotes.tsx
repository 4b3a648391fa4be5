/** These stand below a field: what belongs into it, and what is wrong with what is in it. */
export interface Notes {
  hint?: string | undefined;
  error?: string | undefined;
}

/** Ties a field to its notes for those who hear it. */
export function notesOf(id: string, { hint, error }: Notes) {
  const ids = [...(error === undefined ? [] : [`${id}-error`]), ...(hint ? [`${id}-hint`] : [])];
  return {
    'aria-describedby': ids.length === 0 ? undefined : ids.join(' '),
    'aria-invalid': error === undefined ? undefined : true,
  };
}

/** The notes below the field of this id. */
export function FieldNotes({ id, hint, error }: Notes & { id: string }) {
  return (
    <>
      {error !== undefined && (
        <small className="field-error" id={`${id}-error`} role="alert">
          {error}
        </small>
      )}
      {hint !== undefined && (
        <small className="faint" id={`${id}-hint`}>
          {hint}
        </small>
      )}
    </>
  );
}
