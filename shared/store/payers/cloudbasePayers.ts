import type { PayerStore } from '../../ports/payers.ts';
import { codeOf } from '../attempts.ts';
import { type CloudBaseStoreOptions, hasChanged } from '../cloudbase.ts';
import { createPayerStore } from './payerStore.ts';

/** Makes the store of payers over the CloudBase document database, in a collection of its own. */
export function createCloudBasePayers({
  database,
  wait,
  timeoutMs,
  collection = 'payers',
}: Omit<CloudBaseStoreOptions, 'randomBytes' | 'now'>): PayerStore {
  const payers = () =>
    database()
      .collection(collection)
      .options({ timeout: Math.ceil(timeoutMs()), multiple: false });
  return createPayerStore(
    {
      find: async (id) => {
        const { data } = await payers().where({ _id: id }).limit(1).get();
        return (data as unknown[])[0];
      },
      add: async (stored) => {
        try {
          await payers().add(stored);
          return 'added';
        } catch (error) {
          if (codeOf(error) === 'DATABASE_DUPLICATE_WRITE') return 'taken';
          throw error;
        }
      },
      replace: async ({ _id, version, orders, ...rest }) => {
        // Set whole: the SDK merges what is nested.
        const change = { version, ...rest, orders: database().command.set(orders) };
        const only = { _id, version: version - 1 };
        return hasChanged(await payers().where(only).update(change));
      },
    },
    wait,
  );
}
