import { useState } from 'react';
import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Copy } from '../../parts/Copy.tsx';
import { Code } from '../../parts/text/Code.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';
import {
  type AtHand,
  type Contract,
  curlOf,
  exampleOf,
  ROLES,
  type TrialRole,
  trialBody,
} from './trial.ts';

type Invocation = AnswerOf<'POST /_local/call'>;

/** A place to call a function as somebody, and to see what it answers. */
export function Trial({ contract }: { contract: Contract }) {
  const { api } = useText();
  return (
    <section className="card api-trial" aria-labelledby="trial-title">
      <h2 id="trial-title">{api.tryIt}</h2>
      {contract.form === 'http' ? (
        <>
          <p>{api.notCallable}</p>
          <a className="button" href="#/signature">
            {api.toSignature}
          </a>
        </>
      ) : (
        <Form contract={contract} />
      )}
    </section>
  );
}

function Form({ contract }: { contract: Contract }) {
  const { api } = useText();
  const { data: atHand = {} } = useResource('at hand', findAtHand);
  const [openedAt] = useState(() => new Date());
  const [role, setRole] = useState<TrialRole>('user');
  const [typed, setTyped] = useState<string>();
  const [outcome, setOutcome] = useState<Invocation>();
  const text = typed ?? exampleOf(contract, atHand, openedAt);
  const data = jsonIn(text);
  const body = trialBody(contract.name, role, data?.value);
  return (
    <>
      <Roles role={role} choose={setRole} />
      <Field label={api.data} value={text} change={setTyped} rows={8} />
      {data === undefined && <p className="wrong">{api.notJson}</p>}
      <div className="buttons">
        <Button
          kind="main"
          isDisabled={data === undefined}
          act={async () => setOutcome(await ask('POST /_local/call', { body }))}
        >
          {api.call}
        </Button>
        <Copy text={curlOf(location.origin, body)} label={api.copyCurl} />
      </div>
      <div aria-live="polite">{outcome && <Outcome outcome={outcome} />}</div>
    </>
  );
}

async function findAtHand(): Promise<AtHand> {
  const [{ orders }, { priceSource }, shop] = await Promise.all([
    ask('GET /_local/orders', { query: { limit: '1' } }),
    ask('GET /_local/world'),
    ask('GET /_local/shop'),
  ]);
  const productId = priceSource === 'quote' ? shop[0]?.productId : undefined;
  return { outTradeNo: orders[0]?.outTradeNo, productId };
}

function jsonIn(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function Roles({ role, choose }: { role: TrialRole; choose(role: TrialRole): void }) {
  const { api } = useText();
  return (
    <fieldset className="api-roles">
      <legend>{api.as}</legend>
      {ROLES.map((each) => (
        <label key={each}>
          <input type="radio" name="role" checked={each === role} onChange={() => choose(each)} />
          {api.roles[each]}
        </label>
      ))}
    </fieldset>
  );
}

function Outcome({ outcome }: { outcome: Invocation }) {
  const { api } = useText();
  const { result, error, durationMs, log } = outcome;
  const isDone = Object(result).errCode === 0 || Object(result).counts !== undefined;
  const word = isDone ? api.done : api.refused;
  return (
    <>
      <p className="finding-head">
        <span className={`tag ${isDone ? 'good' : 'bad'}`}>{error ? api.failed : word}</span>
        <span className="faint figures">{api.took(Math.round(durationMs))}</span>
      </p>
      <Code label={api.result}>{JSON.stringify(error ?? result, null, 2)}</Code>
      {log.length > 0 && (
        <>
          <h3>{api.log}</h3>
          <Code label={api.log}>{log.join('\n')}</Code>
        </>
      )}
    </>
  );
}
