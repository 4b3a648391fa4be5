import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { newRsaKey, openWorld, type World } from './world/world.ts';

/** A world is opened from its data file with these. */
interface StoredWorld {
  file: string;
  fresh?: boolean;
  /** Runs before a fresh start forgets anything; it may throw. */
  beforeForgetting?(): Promise<void>;
  rsaKey?: () => string;
}

/** Opens a world as its data file has it, or begins it anew. */
export async function openStoredWorld(options: StoredWorld): Promise<World> {
  const { file, fresh = false, rsaKey = newRsaKey } = options;
  if (fresh) await options.beforeForgetting?.();
  const waitMs = (ms: number) => (ms > 0 ? wait(ms, undefined, { ref: false }) : Promise.resolve());
  return openWorld({
    file,
    fresh,
    realMs: Date.now,
    waitMs,
    randomBytes,
    rsaKey,
    chance: Math.random,
  });
}

/** Opens something, or lets go again what was taken for it. */
export async function openOrClose<T>(
  close: () => Promise<unknown>,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }
}
