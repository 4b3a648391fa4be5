import type { Meaning } from '../../../shared/contract/meanings/meaning.ts';
import type { ContractField } from '../api/contracts.ts';

/** The meaning of a field of an answer, as `shared/contract/meanings/` writes it. */
interface Written extends Meaning {
  kind: ContractField['kind'];
  isAlways: boolean;
  words?: Readonly<Record<string, Meaning>>;
  fields?: AnswerFields;
}

/** The fields of an answer by name. */
export interface AnswerFields {
  [name: string]: Written;
}

/** Lists the fields of an answer, those within another after it. */
export function answerOf(fields: AnswerFields, within = ''): ContractField[] {
  return Object.entries(fields).flatMap(([key, written]) => {
    const { kind, isAlways, zh, en, words = {}, fields: inner = {} } = written;
    const name = within + key;
    const named = Object.entries(words).map(([word, meaning]) => ({ word, meaning }));
    const field = { name, kind, isAlways, meaning: { zh, en }, limits: [], words: named };
    return [field, ...answerOf(inner, kind === 'list' ? `${name}[].` : `${name}.`)];
  });
}
