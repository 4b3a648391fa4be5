import { useEffect } from 'react';
import { useText } from '../text/dictionary.ts';
import { Icon } from './Icon.tsx';
import { useToggle } from './toggle.ts';

const SHOWN_MS = 1500;

/** A button that copies a text, and says so for a moment. */
export function Copy({ text, label }: { text: string; label: string }) {
  const { orders } = useText();
  const { isOn: isCopied, turnOn, turnOff } = useToggle();
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(turnOff, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied, turnOff]);
  return (
    <button
      type="button"
      className="button quiet icon-only small"
      aria-label={isCopied ? orders.copied : label}
      title={isCopied ? orders.copied : label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(turnOn);
      }}
    >
      <Icon name={isCopied ? 'check' : 'copy'} size={16} />
    </button>
  );
}
