import { createMemoryStore } from './memory.ts';
import { storeContract } from './store.contract.ts';

storeContract('the store in memory', async () => {
  const store = createMemoryStore();
  return {
    store,
    other: store.another(),
    put: async (stored) => {
      const { _id } = stored as { _id: string };
      store.raw.set(_id, structuredClone(stored) as never);
    },
    raw: async (outTradeNo) => structuredClone(store.raw.get(outTradeNo)),
    clear: async () => store.raw.clear(),
    close: async () => {},
  };
});
