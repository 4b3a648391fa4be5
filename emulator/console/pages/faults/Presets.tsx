import { useAction } from '../../parts/action.ts';
import { Switch } from '../../parts/Switch.tsx';
import { type Preset, playPreset, type SwitchedFault, switchKey } from '../../state/faults.ts';
import { useText } from '../../text/dictionary.ts';

interface PresetsProps {
  presets: readonly Preset[];
  faults: readonly SwitchedFault[];
}

/** Days on which much goes wrong, each with what it does to money and what one should see. */
export function Presets({ presets, faults }: PresetsProps) {
  const { faults: text } = useText();
  const takenBy = new Map(faults.map((fault) => [switchKey(fault), fault.taken]));
  const taken = (preset: Preset) =>
    preset.faults.reduce((sum, fault) => sum + (takenBy.get(switchKey(fault)) ?? 0), 0);
  return (
    <section className="card" aria-labelledby="presets-title">
      <h2 id="presets-title">{text.presets}</h2>
      <ul className="presets">
        {presets.map((preset) => (
          <Card key={preset.name} of={preset} taken={taken(preset)} />
        ))}
      </ul>
    </section>
  );
}

function Card({ of: { name, title, money, sight, isOn, faults }, taken }: CardProps) {
  const { faults: text, language } = useText();
  const { run } = useAction();
  return (
    <li className="preset" data-on={isOn} data-preset={name}>
      <div className="preset-head">
        <Switch isOn={isOn} flip={() => run(() => playPreset(name, isOn ? 'off' : 'on'))}>
          <strong>{title[language]}</strong>
        </Switch>
        {isOn && faults.length > 0 && <span className="tag bad figures">{text.taken(taken)}</span>}
      </div>
      <dl>
        <dt>{text.money}</dt>
        <dd>{money[language]}</dd>
        <dt>{text.sight}</dt>
        <dd>{sight[language]}</dd>
      </dl>
    </li>
  );
}

interface CardProps {
  of: Preset;
  taken: number;
}
