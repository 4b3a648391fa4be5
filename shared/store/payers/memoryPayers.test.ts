import { createMemoryPayers } from './memoryPayers.ts';
import { payersContract } from './payers.contract.ts';

payersContract('in memory', async () => {
  const store = createMemoryPayers();
  return {
    store,
    spoil: async (document) => {
      store.raw.set(document._id, document as never);
    },
    close: async () => {},
  };
});
