import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { type Address, hrefOf } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { FunctionCard } from './FunctionCard.tsx';
import { Trial } from './Trial.tsx';
import type { Contract } from './trial.ts';

/** Every function as its contract has it, and a place to try it. */
export function ApiPage({ address }: { address: Address }) {
  const { api } = useText();
  const resource = useResource('contracts', () => ask('GET /_local/contracts'));
  const { data: contracts } = resource;
  const [, name = contracts?.[0]?.name] = address.path;
  const current = contracts?.find((each) => each.name === name);
  return (
    <>
      <header className="page-head">
        <h1>{api.title}</h1>
        <p className="faint">{api.intro}</p>
      </header>
      {contracts ? (
        <div className="api-page">
          <Functions contracts={contracts} current={name} />
          {current ? (
            <>
              <FunctionCard contract={current} />
              <Trial key={current.name} contract={current} />
            </>
          ) : (
            <Empty icon="api" title={api.unknown} hint={name ?? ''} />
          )}
        </div>
      ) : (
        <Unread of={resource} />
      )}
    </>
  );
}

interface FunctionsProps {
  contracts: readonly Contract[];
  current: string | undefined;
}

function Functions({ contracts, current }: FunctionsProps) {
  const { api, language } = useText();
  return (
    <nav className="card api-functions" aria-label={api.functions}>
      <ul>
        {contracts.map(({ name, title }) => (
          <li key={name}>
            <a
              href={hrefOf({ path: ['api', name], query: {} })}
              aria-current={name === current ? 'true' : undefined}
            >
              <code>{name}</code>
              <span>{title[language]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
