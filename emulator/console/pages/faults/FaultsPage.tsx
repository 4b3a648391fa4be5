import { Unread } from '../../parts/text/Unread.tsx';
import { activeFaults, useFaults, usePresets } from '../../state/faults.ts';
import { useText } from '../../text/dictionary.ts';
import { FaultForm } from './FaultForm.tsx';
import { Linked } from './Linked.tsx';
import { Presets } from './Presets.tsx';
import { Switched } from './Switched.tsx';
import { useLink } from './useLink.ts';

/** Shows what goes wrong in the local cloud: scenes, single faults, and how often each happened. */
export function FaultsPage() {
  const { faults: text } = useText();
  const switched = useFaults();
  const scenes = usePresets();
  const { data: faults } = switched;
  const { data: presets } = scenes;
  const active = faults && presets && activeFaults(faults, presets);
  const link = useLink(active, presets ?? [], faults ?? []);
  return (
    <>
      <header className="page-head">
        <h1>{text.title}</h1>
        <p className="faint">{text.intro}</p>
      </header>
      {link.missing && <Linked missing={link.missing} decide={link.decide} />}
      {faults && presets ? (
        <div className="faults-page">
          <Presets presets={presets} faults={faults} />
          <div className="order-page">
            <Switched faults={faults} presets={presets} />
            <FaultForm />
          </div>
        </div>
      ) : (
        <div className="card">
          <Unread of={faults ? scenes : switched} />
        </div>
      )}
    </>
  );
}
