import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../text/dictionary.ts';
import { Icon } from './Icon.tsx';

/**
 * Marks what a dialog focuses when it opens, as the ref of that element. React's own `autoFocus` sets no attribute,
 * and focuses an element that the dialog, which is not open yet, still hides.
 */
export function focusOnOpen(element: HTMLElement | null): void {
  element?.setAttribute('autofocus', '');
}

interface DialogProps {
  title: string;
  isOpen: boolean;
  close(): void;
  children: ReactNode;
  className?: string;
  /** The title is read, and not seen. */
  isBare?: boolean;
}

/** A dialog of the browser's own: it holds the focus, and Escape closes it. */
export function Dialog({ title, isOpen, close, children, className = '', isBare }: DialogProps) {
  const { house } = useText();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (isOpen && !dialog?.open) dialog?.showModal();
    if (!isOpen && dialog?.open) dialog.close();
  }, [isOpen]);
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      aria-labelledby={id}
      onClose={close}
      onPointerDown={(event) => event.target === event.currentTarget && close()}
    >
      <header className={isBare ? 'unseen' : 'dialog-head'}>
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className="button quiet icon-only"
          onClick={close}
          aria-label={house.close}
        >
          <Icon name="cross" />
        </button>
      </header>
      {isOpen && children}
    </dialog>
  );
}
