import { Button } from '../../parts/Button.tsx';
import { Empty } from '../../parts/Empty.tsx';
import {
  clearFaults,
  type Preset,
  type SwitchedFault,
  switchFaults,
  switchKey,
} from '../../state/faults.ts';
import { useText } from '../../text/dictionary.ts';
import { FaultLine } from './FaultLine.tsx';

interface SwitchedProps {
  faults: readonly SwitchedFault[];
  presets: readonly Preset[];
}

/** Every fault that is on, with how often it has happened and still will. */
export function Switched({ faults, presets }: SwitchedProps) {
  const { faults: text } = useText();
  const isAny = faults.length > 0 || presets.some(({ isOn }) => isOn);
  return (
    <section className="card" aria-labelledby="switched-title">
      <div className="card-head">
        <h2 id="switched-title">{text.switched}</h2>
        <Button act={() => clearFaults(presets)} isDisabled={!isAny}>
          {text.clear}
        </Button>
      </div>
      {faults.length === 0 && <Empty icon="fault" title={text.none} hint={text.noneHint} />}
      <ul className="lines switched">
        {faults.map((fault) => (
          <Line key={switchKey(fault)} of={fault} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of: fault }: { of: SwitchedFault }) {
  const { faults: text } = useText();
  const { at, kind, taken, times } = fault;
  const isUsedUp = times === 0;
  return (
    <li data-used-up={isUsedUp}>
      <div className="line-head">
        <FaultLine of={fault} />
        <span className="line-at buttons">
          <span className={`tag figures ${taken === 0 ? 'calm' : 'bad'}`}>{text.taken(taken)}</span>
          <Button
            act={() => switchFaults({ off: [fault] })}
            label={`${text.off} ${text.kinds[kind] ?? kind} ${at}`}
          >
            {text.off}
          </Button>
        </span>
      </div>
    </li>
  );
}
