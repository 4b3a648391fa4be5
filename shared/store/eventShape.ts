import * as is from './shape.ts';

const delivery = is.union('state', {
  waiting: is.shape({
    attempts: is.count,
    since: is.date,
    nextAt: is.date,
    isUnderWay: is.optional(is.oneOf(true)),
    earlierAttempts: is.optional(is.count),
    lastError: is.optional(is.text),
  }),
  delivered: is.shape({ attempts: is.count, deliveredAt: is.date }),
  parked: is.shape({ attempts: is.count, parkedAt: is.date, lastError: is.text }),
});
/** The events of a document, and how far each has come on its channels. */
export const events = is.list(
  is.shape({
    id: is.text,
    seq: is.count,
    type: is.text,
    at: is.date,
    about: is.optional(is.text),
    deliveries: is.optional(
      is.shape({ function: is.optional(delivery), url: is.optional(delivery) }),
    ),
  }),
);
