import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { streamStore } from './stream.ts';

/** Something that was asked of the control API, as it is now. */
export interface Resource<T> {
  data?: T;
  error?: unknown;
}

interface Held {
  resource: Resource<unknown>;
  /** The answer as text: an equal one changes nothing on the page. */
  text: string;
  load(): Promise<unknown>;
  listeners: Set<() => void>;
  loading?: Promise<void> | undefined;
  isStale: boolean;
}

const held = new Map<string, Held>();
const REFRESH_AFTER_MS = 120;

async function load(one: Held): Promise<void> {
  if (one.loading !== undefined) {
    one.isStale = true;
    return one.loading;
  }
  one.isStale = false;
  one.loading = one
    .load()
    .then((data) => {
      const text = JSON.stringify(data);
      if (text !== one.text || one.resource.error) one.resource = { data };
      one.text = text;
    })
    .catch((error: unknown) => {
      one.resource = { ...one.resource, error };
    });
  await one.loading;
  one.loading = undefined;
  for (const listener of one.listeners) listener();
  if (one.isStale) await load(one);
}

/** Asks again for all that is on the page; settles once it is there. */
export async function refresh(): Promise<void> {
  for (const [key, one] of held) if (one.listeners.size === 0) held.delete(key);
  await Promise.all([...held.values()].map(load));
}

/** Refreshes shortly after something happened, and when a tab is looked at again. */
export function refreshWithStream(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isMissed = false;
  const soon = () => {
    isMissed = document.hidden;
    if (isMissed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void refresh();
    }, REFRESH_AFTER_MS);
  };
  streamStore.subscribe(soon);
  document.addEventListener('visibilitychange', () => isMissed && soon());
}

/** Uses an answer of the control API under a key that says which; it is kept up to date while it is on the page. */
export function useResource<T>(key: string, ask: () => Promise<T>): Resource<T> {
  const one = heldUnder(key, ask);
  const subscribe = useCallback(
    (listener: () => void) => {
      held.set(key, one);
      one.listeners.add(listener);
      return () => void one.listeners.delete(listener);
    },
    [key, one],
  );
  const resource = useSyncExternalStore(subscribe, () => one.resource);
  useEffect(() => void load(one), [one]);
  return resource as Resource<T>;
}

function heldUnder(key: string, load: () => Promise<unknown>): Held {
  const found = held.get(key);
  if (found) return found;
  const made: Held = { resource: {}, text: '', load, listeners: new Set(), isStale: false };
  held.set(key, made);
  return made;
}
