import { requiredText } from '../wire/fields.ts';
import type { Action } from './action.ts';

/** `database.startTransaction` */
export const startTransaction: Action = {
  run: (_call, { transactions }) => ({
    kind: 'reply',
    reply: { transactionId: transactions.begin() },
  }),
};

/** `database.commitTransaction` */
export const commitTransaction: Action = {
  recorded: true,
  run: ({ fields }, { transactions }) => {
    const id = requiredText(fields, 'transactionId');
    return { kind: 'reply', reply: {}, about: { subject: id, detail: transactions.commit(id) } };
  },
};

/** `database.abortTransaction` */
export const abortTransaction: Action = {
  recorded: true,
  run: ({ fields }, { transactions }) => {
    const id = requiredText(fields, 'transactionId');
    transactions.abort(id);
    return { kind: 'reply', reply: {}, about: { subject: id } };
  },
};
