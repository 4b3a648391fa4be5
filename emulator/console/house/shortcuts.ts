import { useEffect } from 'react';
import { PAGES } from '../pages/pages.tsx';
import { showFailure } from '../parts/action.ts';
import { goTo } from '../state/address.ts';
import { advance } from '../state/clock.ts';
import { nextTheme, otherLanguage } from '../state/settings.ts';

/** The keys that work on every page, by the name that the dictionary has for each. */
export const KEYS = [
  { name: 'palette', keys: ['Ctrl', 'K'] },
  { name: 'help', keys: ['?'] },
  { name: 'phone', keys: ['g', 'p'] },
  { name: 'orders', keys: ['g', 'o'] },
  { name: 'signature', keys: ['g', 's'] },
  { name: 'api', keys: ['g', 'a'] },
  { name: 'functions', keys: ['g', 'f'] },
  { name: 'time', keys: ['g', 'c'] },
  { name: 'timeline', keys: ['g', 't'] },
  { name: 'faults', keys: ['g', 'x'] },
  { name: 'worlds', keys: ['g', 'w'] },
  { name: 'scenarios', keys: ['g', 'r'] },
  { name: 'advance', keys: ['+'] },
  { name: 'theme', keys: ['t'] },
  { name: 'language', keys: ['l'] },
  { name: 'closes', keys: ['Esc'] },
] as const;

interface Openers {
  openHelp(): void;
  openPalette(): void;
}

/** Listens to the keys that work everywhere; none while somebody types, or while a dialog is open. */
export function useShortcuts({ openHelp, openPalette }: Openers): void {
  useEffect(() => {
    let isAfterG = false;
    const acts: Record<string, () => unknown> = {
      '?': openHelp,
      t: nextTheme,
      l: otherLanguage,
      '+': () => advance('PT6M').catch(showFailure),
    };
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (ctrlKey || metaKey || altKey || isTyping(event.target) || isDialogOpen()) return;
      const page = isAfterG ? PAGES.find((each) => each.key === key) : undefined;
      isAfterG = key === 'g';
      if (page) goTo(page.name);
      else acts[key]?.();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [openHelp, openPalette]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
