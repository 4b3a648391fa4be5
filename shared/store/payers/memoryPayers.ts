import type { PayerStore } from '../../ports/payers.ts';
import { createPayerStore, type StoredPayer } from './payerStore.ts';

/** A store of payers in memory, for tests and simulation. */
export interface MemoryPayers extends PayerStore {
  /** The stored documents themselves, for a test to look at or spoil. */
  raw: Map<string, StoredPayer>;
}

/** Makes a store in memory. */
export function createMemoryPayers(): MemoryPayers {
  const raw = new Map<string, StoredPayer>();
  const put = (stored: StoredPayer) => raw.set(stored._id, structuredClone(stored));
  const store = createPayerStore(
    {
      find: async (id) => structuredClone(raw.get(id)),
      add: async (stored) => {
        if (raw.has(stored._id)) return 'taken';
        put(stored);
        return 'added';
      },
      replace: async (stored) => {
        if (raw.get(stored._id)?.version !== stored.version - 1) return false;
        put(stored);
        return true;
      },
    },
    async () => {},
  );
  return { ...store, raw };
}
