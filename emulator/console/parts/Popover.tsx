import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useToggle } from './toggle.ts';

interface PopoverProps {
  /** The button's content, and what it does. */
  button: ReactNode;
  label: string;
  className?: string;
  children: ReactNode;
}

/** A button that opens a panel below it; Escape, and a click beside it, close it. */
export function Popover({ button, label, className = '', children }: PopoverProps) {
  const { isOn: isOpen, turnOff, flip } = useToggle();
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const outside = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) turnOff();
    };
    const onEscape = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      turnOff();
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onEscape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onEscape);
    };
  }, [isOpen, turnOff]);
  return (
    <div className={`popover ${className}`} ref={root}>
      <button
        type="button"
        ref={opener}
        className="button quiet"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={flip}
      >
        <span className="unseen">{label}</span>
        {button}
      </button>
      <section id={id} className="popover-panel" hidden={!isOpen} aria-label={label}>
        {isOpen && children}
      </section>
    </div>
  );
}
