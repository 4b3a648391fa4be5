import type { ReactNode } from 'react';
import { useAction } from './action.ts';
import { Icon, type IconName } from './Icon.tsx';

interface ButtonProps {
  children: ReactNode;
  /** Does what the button says; while it runs the button cannot be pressed again. */
  act(): unknown;
  kind?: 'main' | 'plain' | 'quiet' | 'link';
  icon?: IconName;
  isDisabled?: boolean;
  title?: string | undefined;
  label?: string;
  isPressed?: boolean;
}

/** A button that shows what went wrong, and cannot be pressed twice at once. */
export function Button({ children, act, kind = 'plain', icon, ...rest }: ButtonProps) {
  const { run, isBusy } = useAction();
  return (
    <button
      type="button"
      className={`button ${kind}`}
      aria-busy={isBusy}
      aria-disabled={rest.isDisabled || isBusy}
      aria-label={rest.label}
      aria-pressed={rest.isPressed}
      title={rest.title}
      onClick={() => {
        if (!rest.isDisabled && !isBusy) run(act);
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
