import { useState } from 'react';
import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Switch } from '../../parts/Switch.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';

type Finding = AnswerOf<'POST /_local/doctor'>['findings'][number];

/** The levels in the order in which somebody should look, with their colours. */
const TONES = { broken: 'bad', warn: 'wait', unknown: 'calm', ok: 'good' } as const;
const LEVELS = Object.keys(TONES) as Finding['level'][];

/** Runs the doctor, and shows what it found with what to do. */
export function DoctorCard() {
  const { functions } = useText();
  const [findings, setFindings] = useState<Finding[]>();
  const run = async () => setFindings((await ask('POST /_local/doctor')).findings);
  return (
    <section className="card" aria-labelledby="doctor-title">
      <div className="card-head">
        <h2 id="doctor-title">{functions.doctor}</h2>
        <Button kind={findings ? 'plain' : 'main'} act={run}>
          {findings ? functions.again : functions.run}
        </Button>
      </div>
      <p className="faint">{functions.doctorHint}</p>
      <div aria-live="polite">
        {findings ? (
          <Findings findings={findings} />
        ) : (
          <Empty icon="shield" title={functions.notRun} hint={functions.notRunHint} />
        )}
      </div>
    </section>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const { functions } = useText();
  const all = useToggle();
  const countOf = (level: Finding['level']) =>
    findings.filter((each) => each.level === level).length;
  const broken = countOf('broken');
  const warn = countOf('warn');
  const levels = LEVELS.filter((level) => level !== 'ok' || all.isOn);
  return (
    <>
      <p className="doctor-sum">
        <strong className={broken > 0 ? 'wrong' : undefined}>
          {functions.counts(broken, warn)}
        </strong>
        <Switch isOn={all.isOn} flip={all.flip}>
          {functions.showOk(countOf('ok'))}
        </Switch>
      </p>
      <ul className="lines">
        {levels.flatMap((level) =>
          findings
            .filter((each) => each.level === level)
            .map((each) => <Line key={`${each.check} ${each.what}`} of={each} />),
        )}
      </ul>
    </>
  );
}

function Line({ of: { level, check, what, fix } }: { of: Finding }) {
  const { functions, language } = useText();
  return (
    <li data-check={check}>
      <div className="line-head">
        <span className={`tag ${TONES[level]}`}>{functions.levels[level]}</span>
        <code className="faint">{check}</code>
      </div>
      <p>{inOneLanguage(what, language)}</p>
      {fix !== undefined && (
        <p className="doctor-fix">
          <strong>{functions.fix}</strong> {inOneLanguage(fix, language)}
        </p>
      )}
    </li>
  );
}
