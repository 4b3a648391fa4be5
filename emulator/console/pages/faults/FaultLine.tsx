import type { Fault } from '../../state/faults.ts';
import { useText } from '../../text/dictionary.ts';

/** Shows what a fault is: where, which, and with what. */
export function FaultLine({ of }: { of: Fault }) {
  const { faults: text } = useText();
  const { at, kind, code, delayMs, probability, times } = of;
  const parts = [
    code,
    delayMs === undefined ? undefined : text.late(delayMs),
    probability === undefined ? undefined : text.chance(Math.round(probability * 1000) / 10),
  ].filter((part) => part !== undefined);
  return (
    <span className="fault-line">
      <span className="fault-what">
        <strong>{text.kinds[kind] ?? kind}</strong>
        <span>{text.places[at] ?? ''}</span>
        <code className="faint">{at}</code>
      </span>
      <span className="faint figures">
        {[...parts, times === undefined ? text.everyTime : text.left(times)].join(' · ')}
      </span>
    </span>
  );
}
