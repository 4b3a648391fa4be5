import { createMemoryStore } from '../../shared/store/memory.ts';

/** The orders of the bench. */
export const store = createMemoryStore();

/** Stands in the place of the database's adapter. */
export const wireStore = () => () => store;

/** Nothing here delivers. */
export const wireDisabledChannels = () => () => undefined;
