import { inOneLanguage } from '../../client/oneLanguage.ts';
import { Switch } from '../../parts/Switch.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';
import type { Deployed } from './FunctionList.tsx';

type Setting = Deployed['settings'][number];

/** The settings of a function: which are set, and whether they are what they should be. */
export function Settings({ settings }: { settings: readonly Setting[] }) {
  const { functions } = useText();
  const all = useToggle();
  const shown = settings.filter(({ isSet }) => isSet || all.isOn);
  return (
    <>
      <div className="card-head settings-head">
        <h3>{functions.settings}</h3>
        {settings.some(({ isSet }) => !isSet) && (
          <Switch isOn={all.isOn} flip={all.flip}>
            {functions.showUnset}
          </Switch>
        )}
      </div>
      <p className="faint">{settings.length > 0 ? functions.settingsHint : functions.noSettings}</p>
      <dl className="settings">
        {shown.map((each) => (
          <Line key={each.name} of={each} />
        ))}
      </dl>
    </>
  );
}

function Line({ of: { name, isSet, isWellFormed, value, meaning } }: { of: Setting }) {
  const { functions, language } = useText();
  const isWrong = isWellFormed === false;
  return (
    <div data-setting={name}>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        {isWrong && <span className="tag bad">{functions.malformed}</span>}{' '}
        {value !== undefined && <code>{value}</code>}
        {value === undefined && (
          <span className="faint">{isSet ? functions.hidden : functions.notSet}</span>
        )}
        {isWrong && meaning !== undefined && <p>{inOneLanguage(meaning, language)}</p>}
      </dd>
    </div>
  );
}
