import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Code } from '../../parts/text/Code.tsx';
import { type Dictionary, useText } from '../../text/dictionary.ts';
import { BaseString } from './BaseString.tsx';
import type { Diagnosis } from './useDoctor.ts';

/** The diagnosis in words: the cause, what to do, and everything that shows it. */
export function Result({ diagnosis }: { diagnosis: Diagnosis | undefined }) {
  const { signature } = useText();
  return (
    <section className="card diagnosis" aria-labelledby="diagnosis-title" aria-live="polite">
      <h2 id="diagnosis-title">{signature.result}</h2>
      {diagnosis ? (
        <Shown diagnosis={diagnosis} />
      ) : (
        <Empty icon="shield" title={signature.nothingYet} hint={signature.nothingYetHint} />
      )}
    </section>
  );
}

function Shown({ diagnosis }: { diagnosis: Diagnosis }) {
  const text = useText();
  const { signature, language } = text;
  const { verdict, cause, message, advice } = diagnosis;
  return (
    <>
      <div className={`finding ${toneOf(diagnosis)}`}>
        <p className="finding-head">
          <strong data-cause={cause}>{cause ? signature.causes[cause] : signature.accepted}</strong>
          <span className={`tag ${verdict.isAccepted ? 'good' : 'bad'}`}>
            {verdict.isAccepted ? signature.accepted : signature.refused(verdict.status)}
          </span>
        </p>
        <p>{inOneLanguage(message, language)}</p>
        <p>{inOneLanguage(advice, language)}</p>
      </div>
      <Facts of={factsOf(diagnosis, text)} />
      <Headers diagnosis={diagnosis} />
      <BaseString diagnosis={diagnosis} />
      <Keys diagnosis={diagnosis} />
      {diagnosis.resource !== undefined && (
        <>
          <h3>{signature.resource}</h3>
          <Code label={signature.resource}>{indented(diagnosis.resource)}</Code>
        </>
      )}
    </>
  );
}

/** Refusing a forgery is right, and nobody has to do anything: only what needs a person is red. */
function toneOf({ verdict, cause }: Diagnosis): string {
  if (verdict.isAccepted && !cause) return 'good';
  const isWanted = cause === 'probe' || cause === 'replay';
  return isWanted ? 'wait' : 'bad';
}

function factsOf({ verdict, where, ageSeconds }: Diagnosis, { signature }: Dictionary) {
  return [
    ...(where === undefined ? [] : [[signature.where, <code key="where">{where}</code>] as const]),
    ...(verdict.reason === undefined
      ? []
      : [[signature.reason, <code key="reason">{verdict.reason}</code>] as const]),
    ...(ageSeconds === undefined ? [] : [[signature.age, signature.seconds(ageSeconds)] as const]),
  ];
}

function Headers({ diagnosis }: { diagnosis: Diagnosis }) {
  const { signature } = useText();
  return (
    <>
      <h3>{signature.headers}</h3>
      <dl className="signed-headers">
        {diagnosis.headers.map(({ name, value, isWrong }) => (
          <div key={name} className={isWrong ? 'bad' : undefined}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{value === undefined ? signature.missing : <code>{value}</code>}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Keys({ diagnosis: { keys, digests } }: { diagnosis: Diagnosis }) {
  const { signature } = useText();
  if (keys.length === 0) return null;
  return (
    <>
      <h3>{signature.knownKeys}</h3>
      <ul className="known-keys">
        {keys.map(({ serial, isConfigured, isNamed, hasSigned }) => (
          <li key={`${serial} ${isConfigured}`}>
            <code>{serial}</code>
            {isConfigured && <span className="tag calm">{signature.configured}</span>}
            {isNamed && <span className="tag calm">{signature.named}</span>}
            {hasSigned && <span className="tag good">{signature.signed}</span>}
          </li>
        ))}
      </ul>
      {keys.every(({ hasSigned }) => !hasSigned) && <p>{signature.noSigner}</p>}
      <h3>{signature.digests}</h3>
      <dl className="signed-headers">
        <div>
          <dt>{signature.verifiedDigest}</dt>
          <dd>
            <code>{digests.verified}</code>
          </dd>
        </div>
        {digests.signed !== undefined && (
          <div className={digests.signed === digests.verified ? undefined : 'bad'}>
            <dt>{signature.signedDigest}</dt>
            <dd>
              <code>{digests.signed}</code>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
