import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Code } from '../../parts/text/Code.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { type Address, goTo } from '../../state/address.ts';
import { useWorld } from '../../state/world.ts';
import { useText } from '../../text/dictionary.ts';
import { DoctorCard } from './DoctorCard.tsx';
import { FunctionDetail } from './FunctionDetail.tsx';
import { FunctionList } from './FunctionList.tsx';
import { Logs } from './Logs.tsx';

/** Shows what is deployed, what it prints, and what the doctor says of it. */
export function FunctionsPage({ address }: { address: Address }) {
  const { functions } = useText();
  const resource = useResource('functions', () => ask('GET /_local/functions'));
  const { data: deployed } = resource;
  const [, name = ''] = address.path;
  const current = deployed?.find((each) => each.name === name);
  return (
    <>
      <header className="page-head">
        <h1>{functions.title}</h1>
        <p className="faint">{functions.intro}</p>
      </header>
      {deployed ? (
        <div className="functions-page">
          <FunctionList deployed={deployed} current={name} />
          <div className="order-page">
            <DeployNews isEmpty={deployed.length === 0} />
            {current && <FunctionDetail key={current.name} of={current} />}
            {!current && name !== '' && (
              <Empty icon="functions" title={functions.unknown} hint={name} />
            )}
            <Logs
              names={deployed.map((each) => each.name)}
              name={name}
              choose={(next) => goTo('functions', ...(next === '' ? [] : [next]))}
            />
            <DoctorCard />
          </div>
        </div>
      ) : (
        <Unread of={resource} />
      )}
    </>
  );
}

/** Says of a deploy how far it is, why it failed, how to make one. */
function DeployNews({ isEmpty }: { isEmpty: boolean }) {
  const { functions } = useText();
  const { data } = useWorld();
  const deploy = data?.deploy;
  if (deploy?.state === 'running') return <Progress of={deploy} />;
  if (deploy?.state === 'failed') {
    return (
      <section className="card" aria-labelledby="deploy-title">
        <h2 id="deploy-title" className="wrong">
          {functions.deployFailed}
        </h2>
        {deploy.reason !== undefined && <Code label={functions.reason}>{deploy.reason}</Code>}
      </section>
    );
  }
  if (!isEmpty) return null;
  return (
    <section className="card">
      <Empty icon="functions" title={functions.none} hint={functions.noneHint} />
    </section>
  );
}

function Progress({ of }: { of: AnswerOf<'GET /_local/world'>['deploy'] }) {
  const { functions } = useText();
  const { done, total } = of;
  return (
    <section className="card deploy-progress" aria-labelledby="deploy-title">
      <h2 id="deploy-title">{`${functions.deploying}${total === 0 ? '' : ` ${done}/${total}`}`}</h2>
      <progress
        aria-labelledby="deploy-title"
        {...(total === 0 ? {} : { value: done, max: total })}
      />
    </section>
  );
}
