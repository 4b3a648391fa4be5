import { useSyncExternalStore } from 'react';
import type { Language } from '../client/oneLanguage.ts';

export type Theme = 'system' | 'light' | 'dark';

/** How somebody wants to see the console; kept in the browser. */
export interface Settings {
  language: Language;
  theme: Theme;
}

const KEY = 'scf-wechatpay.console';
const USUAL: Settings = { language: 'zh', theme: 'system' };
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function stored(): Settings {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return USUAL;
  }
}

let current = stored();
const listeners = new Set<() => void>();

function show({ language, theme }: Settings): void {
  const root = document.documentElement;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}
show(current);

/** Changes a setting, here and in the other tabs. */
export function change(part: Partial<Settings>): void {
  current = { ...current, ...part };
  localStorage.setItem(KEY, JSON.stringify(current));
  show(current);
  for (const listener of listeners) listener();
}

/** Switches to the theme that comes next. */
export function nextTheme(): void {
  change({ theme: THEMES[(THEMES.indexOf(current.theme) + 1) % THEMES.length] ?? 'system' });
}

/** Switches to the other language. */
export function otherLanguage(): void {
  change({ language: current.language === 'zh' ? 'en' : 'zh' });
}

addEventListener('storage', () => {
  current = stored();
  show(current);
  for (const listener of listeners) listener();
});

/** Uses the settings. */
export function useSettings(): Settings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}
