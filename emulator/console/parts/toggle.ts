import { useCallback, useState } from 'react';

/** Something that is on or off. */
export interface Toggle {
  isOn: boolean;
  turnOn(): void;
  turnOff(): void;
  flip(): void;
}

/** Uses something that is off until it is turned on. */
export function useToggle(): Toggle {
  const [state, setState] = useState<'on' | 'off'>('off');
  const turnOn = useCallback(() => setState('on'), []);
  const turnOff = useCallback(() => setState('off'), []);
  const flip = useCallback(() => setState((before) => (before === 'on' ? 'off' : 'on')), []);
  return { isOn: state === 'on', turnOn, turnOff, flip };
}
