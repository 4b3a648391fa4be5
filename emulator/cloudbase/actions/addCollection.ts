import type { Action } from './action.ts';
import { collectionOf } from './documents.ts';

/** `database.addCollection`: nothing happens if it is there. */
export const addCollection: Action = {
  recorded: true,
  run: ({ fields }, { store }) => {
    const name = collectionOf(fields);
    store.create(name, []);
    return { reply: {}, about: { subject: name } };
  },
};
