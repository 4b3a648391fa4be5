import { useCallback, useEffect, useRef, useState } from 'react';
import { addressIn, replaceAddress, useAddress } from '../../state/address.ts';
import { type LinkedFaults, linkOf, missingIn } from '../../state/faultLink.ts';
import type { ActiveFaults, Preset, SwitchedFault } from '../../state/faults.ts';

/** A shared address and what it wants, until somebody decided. */
interface Link {
  missing: LinkedFaults | undefined;
  /** Ends the question; the address tells again what is on. */
  decide(): void;
}

/**
 * Keeps what is on in the address, and asks where an address that was opened wants more: a link by itself
 * changes nothing in the cloud.
 */
export function useLink(
  active: ActiveFaults | undefined,
  presets: readonly Preset[],
  faults: readonly SwitchedFault[],
): Link {
  const { query } = useAddress();
  const shown = query.on ?? '';
  const [asked, setAsked] = useState(shown);
  const written = useRef(shown);
  useEffect(() => {
    const moved = () => {
      const { on = '' } = addressIn(location.hash).query;
      if (on !== written.current) setAsked(on);
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const decide = useCallback(() => setAsked(''), []);
  const wanted = active && asked !== '' ? missingIn(asked, presets, faults) : undefined;
  const isMissing = wanted !== undefined && sizeOf(wanted) > 0;
  const current = active && linkOf(active);
  useEffect(() => {
    if (current === undefined || isMissing) return;
    if (asked !== '') setAsked('');
    // Another page may have been asked for already, and not be there yet.
    if (shown === current || addressIn(location.hash).path[0] !== 'faults') return;
    written.current = current;
    replaceAddress({ path: ['faults'], query: { on: current } });
  }, [current, isMissing, asked, shown]);
  return { missing: isMissing ? wanted : undefined, decide };
}

function sizeOf({ presets, faults, unknown }: LinkedFaults): number {
  return presets.length + faults.length + unknown.length;
}
