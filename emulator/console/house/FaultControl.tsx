import { ask } from '../client/client.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Popover } from '../parts/Popover.tsx';
import { Switch } from '../parts/Switch.tsx';
import {
  type Fault,
  isSameFault,
  PRESET_NAMES,
  PRESETS,
  type PresetName,
  switchOff,
  switchOn,
  useFaults,
} from '../state/faults.ts';
import { useText } from '../text/dictionary.ts';

/** Faults that were ordered, shown on every page, with its switches. */
export function FaultControl() {
  const { house } = useText();
  const { data: faults = [] } = useFaults();
  const words = faults.length === 0 ? house.faults.none : house.faults.some(faults.length);
  return (
    <Popover
      className={faults.length === 0 ? 'faults' : 'faults on'}
      label={house.faults.open}
      button={
        <>
          <Icon name="fault" />
          <span className="wide-only">{words}</span>
          {faults.length > 0 && <span className="narrow-only figures">{faults.length}</span>}
        </>
      }
    >
      <Switches faults={faults} />
    </Popover>
  );
}

function Switches({ faults }: { faults: Fault[] }) {
  const { house } = useText();
  const presets = Object.values(PRESETS);
  const others = faults.filter((each) => !presets.some((preset) => isSameFault(each, preset)));
  return (
    <>
      <p className="panel-title">{house.faults.open}</p>
      <p className="faint">{house.faults.intro}</p>
      {PRESET_NAMES.map((name) => (
        <Preset key={name} name={name} isOn={faults.some((f) => isSameFault(f, PRESETS[name]))} />
      ))}
      {others.length > 0 && <p className="panel-title">{house.faults.other}</p>}
      {others.map((fault) => (
        <code key={JSON.stringify(fault)}>{`${fault.at} ${fault.kind} ${fault.code ?? ''}`}</code>
      ))}
      <Button act={() => ask('PUT /_local/faults', { body: [] })} isDisabled={faults.length === 0}>
        {house.faults.clear}
      </Button>
    </>
  );
}

function Preset({ name, isOn }: { name: PresetName; isOn: boolean }) {
  const { house } = useText();
  const { run } = useAction();
  return (
    <Switch
      isOn={isOn}
      flip={() => run(() => (isOn ? switchOff(PRESETS[name]) : switchOn(PRESETS[name])))}
    >
      {house.faults[name]}
    </Switch>
  );
}
