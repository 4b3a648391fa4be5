import { useCallback, useState } from 'react';
import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { EMPTY, type Notice, questionOf } from './notice.ts';

export type Diagnosis = AnswerOf<'POST /_local/signature'>;

/** The notification in the form, and what was last said of it. */
export interface Doctor {
  notice: Notice;
  /** The notification before anything of it was spoilt. */
  original: Notice;
  diagnosis: Diagnosis | undefined;
  /** Takes another notification; the old diagnosis is none of it. */
  take(notice: Notice): void;
  edit(part: Partial<Notice>): void;
  /** Diagnoses the notification in the form, or the one that takes its place. */
  diagnose(instead?: Notice): Promise<void>;
}

/** Uses the form of the signature doctor. */
export function useDoctor(): Doctor {
  const [notice, setNotice] = useState<Notice>(EMPTY);
  const [original, setOriginal] = useState<Notice>(EMPTY);
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  const take = useCallback((next: Notice) => {
    setNotice(next);
    setOriginal(next);
    setDiagnosis(undefined);
  }, []);
  return {
    notice,
    original,
    diagnosis,
    take,
    edit: (part) => take({ ...notice, ...part }),
    diagnose: async (instead = notice) => {
      setNotice(instead);
      setDiagnosis(await ask('POST /_local/signature', { body: questionOf(instead) }));
    },
  };
}
