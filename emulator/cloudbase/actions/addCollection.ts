import { refuse } from '../errors.ts';
import type { Action } from './action.ts';
import { collectionOf } from './documents.ts';

/** Printable, without spaces, `$` and `/`; Chinese is allowed. */
const NAME_FORM = /^[^\s$/\p{Cc}]{1,64}$/u;

/** `database.addCollection`: nothing happens if it is there. */
export const addCollection: Action = {
  recorded: true,
  run: ({ fields }, { state: store }) => {
    const name = collectionOf(fields);
    if (!NAME_FORM.test(name)) throw refuse.malformed(`no name for a collection: ${name}`);
    store.create(name, []);
    return { kind: 'reply', reply: {}, about: { subject: name } };
  },
};
