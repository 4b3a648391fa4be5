import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { Choice } from '../../parts/text/Choice.tsx';
import { goTo, hrefOf } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';

export type Deployed = AnswerOf<'GET /_local/functions'>[number];

interface ListProps {
  deployed: readonly Deployed[];
  /** The function that is shown; empty: none of them. */
  current: string;
}

/** Every function that is deployed, with how it does. */
export function FunctionList({ deployed, current }: ListProps) {
  const { functions } = useText();
  return (
    <nav className="card function-list" aria-label={functions.list}>
      <Chooser deployed={deployed} current={current} />
      <ul>
        <li>
          <a href="#/functions" aria-current={current === '' ? 'true' : undefined}>
            <strong>{functions.allFunctions}</strong>
            <span className="figures">{deployed.length}</span>
          </a>
        </li>
        {deployed.map((each) => (
          <Line key={each.name} of={each} isCurrent={each.name === current} />
        ))}
      </ul>
    </nav>
  );
}

/** The list where there is no room for it: one field, whatever is chosen being seen. */
function Chooser({ deployed, current }: ListProps) {
  const { functions } = useText();
  return (
    <Choice
      label={functions.ofFunction}
      value={current}
      change={(name) => goTo('functions', ...(name === '' ? [] : [name]))}
    >
      <option value="">{`${functions.allFunctions} ${deployed.length}`}</option>
      {deployed.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Choice>
  );
}

function Line({ of, isCurrent }: { of: Deployed; isCurrent: boolean }) {
  const { functions, language } = useText();
  const { name, title, status, instances, calls, errors, settings } = of;
  const isBroken =
    status.endsWith('Failed') || settings.some((each) => each.isWellFormed === false);
  return (
    <li>
      <a
        href={hrefOf({ path: ['functions', name], query: {} })}
        aria-current={isCurrent ? 'true' : undefined}
      >
        <span className="function-name">
          <code>{name}</code>
          <span>{title?.[language] ?? ''}</span>
        </span>
        <span className="function-state">
          <span className={instances.length > 0 ? 'dot warm' : 'dot'} aria-hidden="true" />
          <span>{instances.length > 0 ? functions.warm(instances.length) : functions.cold}</span>
          <span className="figures">{`${functions.calls} ${calls}`}</span>
          {errors > 0 && <span className="wrong figures">{`${functions.errors} ${errors}`}</span>}
          {isBroken && <span className="wrong">{stateWord(of, functions)}</span>}
        </span>
      </a>
    </li>
  );
}

function stateWord({ status }: Deployed, words: ReturnType<typeof useText>['functions']): string {
  return status.endsWith('Failed') ? (words.statuses[status] ?? status) : words.malformed;
}
