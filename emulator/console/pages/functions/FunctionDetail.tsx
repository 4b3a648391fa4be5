import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Copy } from '../../parts/Copy.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { hrefOf } from '../../state/address.ts';
import { type Dictionary, useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import type { Deployed } from './FunctionList.tsx';
import { Settings } from './Settings.tsx';

/** One function as it is deployed: what it is, how it runs, what it was given. */
export function FunctionDetail({ of }: { of: Deployed }) {
  const text = useText();
  const { functions, language } = text;
  const { name, title, purpose, status, hasContract, instances } = of;
  const restart = () =>
    ask('POST /_local/functions/{function}/restart', { path: { function: name } });
  return (
    <section className="card" aria-labelledby="function-title">
      <div className="card-head">
        <h2 id="function-title">
          <code>{name}</code> {title?.[language] ?? ''}
        </h2>
        <span className={`tag ${toneOf(status)}`}>{functions.statuses[status] ?? status}</span>
      </div>
      {purpose && <p>{purpose[language]}</p>}
      <div className="buttons function-acts">
        {hasContract && (
          <a className="button main" href={hrefOf({ path: ['api', name], query: {} })}>
            {functions.call}
          </a>
        )}
        <Button act={restart} isDisabled={instances.length === 0} title={functions.restartHint}>
          {functions.restart}
        </Button>
      </div>
      <Facts of={factsOf(of, text)} />
      <h3>{functions.instances}</h3>
      <Instances of={instances} />
      <Settings settings={of.settings} />
    </section>
  );
}

function toneOf(status: string): string {
  if (status.endsWith('Failed')) return 'bad';
  return status === 'Active' ? 'good' : 'wait';
}

function factsOf(of: Deployed, { functions }: Dictionary) {
  const { version, code, zipBytes, bundleBytes, deployedAt, source } = of;
  return [
    [functions.calls, of.calls],
    [functions.errors, of.errors],
    [
      functions.coldStart,
      of.lastColdStartMs === undefined ? functions.noColdStart : `${of.lastColdStartMs} ms`,
    ],
    [functions.deployedAt, beijing(deployedAt)],
    [functions.version, version],
    [
      functions.codeHash,
      <span key="code" className="with-copy">
        <code title={code}>{code.slice(0, 12)}</code>
        <Copy text={code} label={`${functions.copy} ${functions.codeHash}`} />
      </span>,
    ],
    [functions.zip, kilobytes(zipBytes)],
    [functions.bundle, kilobytes(bundleBytes)],
    [functions.trigger, <Triggers key="trigger" of={of} />],
    [functions.timeout, `${of.timeoutMs / 1000} s`],
    [functions.memory, `${of.memoryMb} MB`],
    [functions.runtime, of.runtime],
    ...(source === undefined
      ? []
      : [
          [
            functions.source,
            <span key="source" className="with-copy">
              <code>{source}</code>
              <Copy text={source} label={`${functions.copy} ${functions.source}`} />
            </span>,
          ] as const,
        ]),
  ] as const;
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? '—' : `${(bytes / 1000).toFixed(1)} kB`;
}

function Triggers({ of: { timers, routes } }: { of: Deployed }) {
  const { functions } = useText();
  if (timers.length + routes.length === 0) return functions.byCall;
  return (
    <>
      {routes.map((path) => (
        <div key={path}>
          {'HTTP '}
          <code>{path}</code>
        </div>
      ))}
      {timers.map(({ name, cron }) => (
        <div key={name}>
          {`${functions.timer} `}
          <code>{cron}</code>
        </div>
      ))}
    </>
  );
}

function Instances({ of }: { of: Deployed['instances'] }) {
  const { functions } = useText();
  if (of.length === 0) return <p className="faint">{functions.noInstances}</p>;
  return (
    <ul className="instances">
      {of.map(({ pid, isBusy, invocations }) => (
        <li key={pid}>
          <span className={`tag ${isBusy ? 'wait' : 'good'}`}>
            {isBusy ? functions.busy : functions.idle}
          </span>
          <code>{`pid ${pid}`}</code>
          <span className="faint figures">{functions.ran(invocations)}</span>
        </li>
      ))}
    </ul>
  );
}
