import { useCallback, useSyncExternalStore } from 'react';
import { refresh } from '../client/resource.ts';
import { useToggle } from './toggle.ts';

let failure: unknown;
const listeners = new Set<() => void>();

/** Shows that something failed, until it is dismissed or something else is tried. */
export function showFailure(error: unknown): void {
  failure = error;
  for (const listener of listeners) listener();
}

/** Uses the last failure that is shown; undefined while there is none. */
export function useFailure(): unknown {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => failure,
  );
}

/** An act under way. */
export interface Action {
  run(act: () => unknown): void;
  isBusy: boolean;
}

/** Runs what a person asked for: what went wrong is shown, and the page is brought up to date after it. */
export function useAction(): Action {
  const busy = useToggle();
  const { turnOn, turnOff } = busy;
  const run = useCallback(
    (act: () => unknown) => {
      const work = async () => {
        showFailure(undefined);
        turnOn();
        try {
          await act();
        } catch (error) {
          showFailure(error);
        }
        turnOff();
        await refresh();
      };
      void work();
    },
    [turnOn, turnOff],
  );
  return { run, isBusy: busy.isOn };
}
