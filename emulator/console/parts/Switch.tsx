import type { ReactNode } from 'react';

interface SwitchProps {
  isOn: boolean;
  flip(): void;
  children: ReactNode;
}

/** Something that is on or off, with its name. */
export function Switch({ isOn, flip, children }: SwitchProps) {
  return (
    <button type="button" role="switch" className="switch" aria-checked={isOn} onClick={flip}>
      <span className="switch-track" aria-hidden="true" />
      <span>{children}</span>
    </button>
  );
}
