import { CHANNELS } from '../domain/delivery/deliveryState.ts';
import type { DisabledChannel, DisabledChannels } from '../ports/disabledChannels.ts';
import { attempt } from './attempts.ts';
import type { CloudBaseStoreOptions } from './cloudbase.ts';
import * as is from './shape.ts';

/** The collection of the channels that are disabled, a document each. */
const COLLECTION = 'channels';

const readable = is.shape({
  _id: is.oneOf(...CHANNELS),
  place: is.text,
  disabledAt: is.date,
});

/** Keeps the disabled channels in the CloudBase document database. */
export function createDisabledChannels({
  database,
  wait,
  timeoutMs,
  collection = COLLECTION,
}: Omit<CloudBaseStoreOptions, 'randomBytes' | 'now'>): DisabledChannels {
  const channels = () =>
    database()
      .collection(collection)
      .options({ timeout: Math.ceil(timeoutMs()), multiple: true });
  return {
    list: async () => {
      const read = () => channels().limit(10).get();
      const { answer } = await attempt(read, wait, { writes: false });
      const rows = answer.data as unknown[];
      // One that cannot be read disables nothing: a delivery too many does no harm.
      const known = rows.filter((row) => readable(row) === undefined);
      return (
        known as (Omit<DisabledChannel, 'channel'> & { _id: DisabledChannel['channel'] })[]
      ).map(({ _id, place, disabledAt }) => ({ channel: _id, place, disabledAt }));
    },
    disable: async ({ channel, ...disabled }) => {
      await attempt(() => channels().doc(channel).set(disabled), wait, { writes: true });
    },
    enable: async (enabled) => {
      const { command } = database();
      const these = { _id: command.in([...enabled]) };
      await attempt(() => channels().where(these).remove(), wait, { writes: true });
    },
  };
}
