import type { World } from '../../world/world.ts';
import { RefusalError } from '../errors.ts';

/** Lets so many requests in each real second; throws FREQUENCY_LIMITED for the rest. */
export function createThrottle({ clock }: World, ratePerSecond: number | undefined): () => void {
  let second = 0;
  let count = 0;
  return () => {
    if (ratePerSecond === undefined) return;
    const now = Math.floor((clock.nowMs() - clock.offsetMs()) / 1000);
    count = now === second ? count + 1 : 1;
    second = now;
    if (count > ratePerSecond) throw new RefusalError('FREQUENCY_LIMITED');
  };
}
