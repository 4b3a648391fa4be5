import { inOneLanguage } from '../../client/oneLanguage.ts';
import { type Dictionary, useText } from '../../text/dictionary.ts';
import type { ContractField } from './trial.ts';

interface FieldsProps {
  title: string;
  fields: readonly ContractField[];
  of: 'input' | 'answer';
}

/** The fields of an input or an answer: type, whether it has to be there, meaning, limits, words. */
export function Fields({ title, fields, of }: FieldsProps) {
  return (
    <>
      <h3>{title}</h3>
      <ul className="api-fields">
        {fields.map((field) => (
          <Row key={field.name} field={field} of={of} />
        ))}
      </ul>
    </>
  );
}

function Row({ field, of }: { field: ContractField; of: FieldsProps['of'] }) {
  const text = useText();
  const { api, language } = text;
  const { name, kind, meaning, limits, words, initial } = field;
  const notes = limits.map((limit) => inOneLanguage(limit, language));
  return (
    <li className={name.includes('.') ? 'inner' : undefined}>
      <div className="api-name">
        <code>{name}</code>
        <span className="faint">{api.kinds[kind]}</span>
        <Presence field={field} of={of} />
      </div>
      <div>
        <p>{meaning[language]}</p>
        {(notes.length > 0 || initial !== undefined) && (
          <p className="faint">
            {[...notes, ...(initial === undefined ? [] : [api.initial(initial)])].join(
              language === 'zh' ? '；' : '; ',
            )}
          </p>
        )}
        {words.length > 0 && <Words words={words} text={text} />}
      </div>
    </li>
  );
}

function Presence({ field: { isAlways }, of }: { field: ContractField; of: FieldsProps['of'] }) {
  const { api } = useText();
  if (of === 'answer') return isAlways ? null : <span className="tag calm">{api.sometimes}</span>;
  if (!isAlways) return <span className="tag calm">{api.optional}</span>;
  return <span className="tag back">{api.required}</span>;
}

function Words({ words, text }: { words: ContractField['words']; text: Dictionary }) {
  return (
    <ul className="api-words">
      {words.map(({ word, meaning }) => (
        <li key={word}>
          <code>{word}</code>
          {meaning && <span className="faint">{meaning[text.language]}</span>}
        </li>
      ))}
    </ul>
  );
}
