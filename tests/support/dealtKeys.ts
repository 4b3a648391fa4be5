import { newRsaKey } from '../../emulator/world/world.ts';

/** Made when first dealt, and kept while this process lives. */
const stock: string[] = [];

/**
 * Keys for one world, no two alike. Every world of this process is dealt the same ones, since making a
 * key takes longer than most tests.
 */
export function dealtKeys(): () => string {
  let dealt = 0;
  return () => {
    const at = dealt;
    dealt += 1;
    stock[at] ??= newRsaKey();
    return stock[at];
  };
}
