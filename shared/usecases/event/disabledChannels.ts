import type { DisabledChannels } from '../../ports/disabledChannels.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation } from '../step/deps.ts';

/**
 * Makes what is remembered of disabled channels hold no delivery up. Where it cannot be read it disables
 * nothing, and a channel that cannot be disabled now is at its next 410; each failure is logged.
 */
export function holdingNothingUp(
  { list, disable, enable }: DisabledChannels,
  { log }: Pick<Invocation, 'log'>,
): DisabledChannels {
  const note = (error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    const { code, message } = error;
    log.line({ level: 'warn', error: `CHANNELS_UNAVAILABLE ${code} ${message}` });
  };
  return {
    list: async () => {
      try {
        return await list();
      } catch (error) {
        note(error);
        return [];
      }
    },
    disable: (channel) => disable(channel).catch(note),
    enable: (channels) =>
      enable(channels).catch((error: unknown) => {
        // Whoever asks can ask again; where it never helps there is nothing to forget.
        if (error instanceof StoreError && error.retry !== 'never') throw error;
        note(error);
      }),
  };
}
