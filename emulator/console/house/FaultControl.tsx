import { useAction } from '../parts/action.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Popover } from '../parts/Popover.tsx';
import { Switch } from '../parts/Switch.tsx';
import {
  type ActiveFaults,
  activeFaults,
  clearFaults,
  type Preset,
  playPreset,
  switchKey,
  useFaults,
  usePresets,
} from '../state/faults.ts';
import { type Dictionary, useText } from '../text/dictionary.ts';

/** Shows on every page what goes wrong at present, with the switches of the presets. */
export function FaultControl() {
  const text = useText();
  const { data: faults = [] } = useFaults();
  const { data: presets = [] } = usePresets();
  const active = activeFaults(faults, presets);
  const count = active.presets.length + active.others.length;
  return (
    <Popover
      className={count === 0 ? 'faults' : 'faults on'}
      label={text.house.faults.open}
      button={
        <>
          <Icon name="fault" />
          <span className="wide-only">{wordsFor(active, text)}</span>
          {count > 0 && <span className="narrow-only figures">{count}</span>}
        </>
      }
    >
      <Switches presets={presets} active={active} />
    </Popover>
  );
}

/** One preset alone is named; more are counted. */
function wordsFor({ presets, others }: ActiveFaults, { house, language }: Dictionary): string {
  const [first] = presets;
  const count = presets.length + others.length;
  if (count === 0) return house.faults.none;
  return first && count === 1 ? first.title[language] : house.faults.some(count);
}

function Switches({ presets, active }: { presets: readonly Preset[]; active: ActiveFaults }) {
  const { house, faults: words } = useText();
  const { others } = active;
  return (
    <>
      <p className="panel-title">{house.faults.open}</p>
      <p className="faint">{house.faults.intro}</p>
      {presets.map((preset) => (
        <PresetSwitch key={preset.name} of={preset} />
      ))}
      {others.length > 0 && <p className="panel-title">{house.faults.other}</p>}
      {others.map((fault) => (
        <p key={switchKey(fault)} className="other-fault">
          {`${words.kinds[fault.kind] ?? fault.kind} `}
          <code>{fault.at}</code>
        </p>
      ))}
      <div className="buttons">
        <Button
          act={() => clearFaults(presets)}
          isDisabled={others.length + active.presets.length === 0}
        >
          {house.faults.clear}
        </Button>
        <a className="button" href="#/faults">
          {house.faults.page}
        </a>
      </div>
    </>
  );
}

function PresetSwitch({ of: { name, title, isOn } }: { of: Preset }) {
  const { language } = useText();
  const { run } = useAction();
  return (
    <Switch isOn={isOn} flip={() => run(() => playPreset(name, isOn ? 'off' : 'on'))}>
      {title[language]}
    </Switch>
  );
}
