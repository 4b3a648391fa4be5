import { useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import type { LinkedFaults } from '../../state/faultLink.ts';
import { playPreset, switchFaults, switchKey } from '../../state/faults.ts';
import { messageOf, useText } from '../../text/dictionary.ts';
import { FaultLine } from './FaultLine.tsx';

/** Asks whether that which the opened address has shall be switched on. */
export function Linked({ missing, decide }: { missing: LinkedFaults; decide(): void }) {
  const text = useText();
  const { faults: words, language } = text;
  const [refusal, setRefusal] = useState<unknown>();
  const { presets, faults, unknown } = missing;
  const accept = async () => {
    try {
      await switchFaults({ on: faults });
      for (const { name } of presets) await playPreset(name, 'on');
      decide();
    } catch (error) {
      setRefusal(error);
    }
  };
  return (
    <section className="card linked" aria-labelledby="linked-title">
      <h2 id="linked-title">{words.linked}</h2>
      <p className="faint">{words.linkedHint}</p>
      <ul className="lines">
        {presets.map(({ name, title, money }) => (
          <li key={name}>
            <strong>{title[language]}</strong>
            <span className="faint">{money[language]}</span>
          </li>
        ))}
        {faults.map((fault) => (
          <li key={switchKey(fault)}>
            <FaultLine of={fault} />
          </li>
        ))}
        {unknown.map((word) => (
          <li key={word}>
            <span className="field-error">{words.unknown}</span>
            <code>{word}</code>
          </li>
        ))}
      </ul>
      {refusal !== undefined && (
        <p role="alert" className="field-error">
          {messageOf(refusal, text)}
        </p>
      )}
      <div className="buttons">
        <Button kind="main" act={accept} isDisabled={presets.length + faults.length === 0}>
          {words.accept}
        </Button>
        <Button act={decide}>{words.ignore}</Button>
      </div>
    </section>
  );
}
