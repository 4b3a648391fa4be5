import { inOneLanguage } from '../../client/oneLanguage.ts';
import { useText } from '../../text/dictionary.ts';
import { Fields } from './Fields.tsx';
import type { Contract } from './trial.ts';

/** One function: what it is for, who may call it, what it takes, answers and refuses. */
export function FunctionCard({ contract }: { contract: Contract }) {
  const { api, language } = useText();
  const { name, title, purpose, form, callers, inputs, answer, refusals } = contract;
  const titleOf = (at: number) =>
    inputs.length === 1 ? api.input : api.formOf(at + 1, inputs.length);
  return (
    <section className="card api-function" aria-labelledby="function-title">
      <div className="card-head">
        <h2 id="function-title">
          <code>{name}</code> {title[language]}
        </h2>
        <span className="tag calm">{api.forms[form]}</span>
      </div>
      <p>{purpose[language]}</p>
      <h3>{api.callers}</h3>
      <ul className="api-callers">
        {callers.map(({ kind, meaning, wayIn }) => (
          <li key={kind}>
            <span className="tag good">{meaning[language]}</span>
            <span className="faint">{inOneLanguage(wayIn, language)}</span>
          </li>
        ))}
      </ul>
      {inputs.map((fields, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the forms of an input have no other name
        <Fields key={at} title={titleOf(at)} fields={fields} of="input" />
      ))}
      <Fields title={api.answer} fields={answer} of="answer" />
      <h3>{api.refusals}</h3>
      <p className="faint">{refusals.length > 0 ? api.refusalsHint : api.noRefusals}</p>
      <ul className="api-refusals">
        {refusals.map(({ code, advice, meaning }) => (
          <li key={code}>
            <div className="api-name">
              <code>{code}</code>
              <span className={`tag ${advice === 'never' ? 'bad' : 'wait'}`}>
                {api.advice[advice]}
              </span>
            </div>
            <p>{meaning[language]}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
