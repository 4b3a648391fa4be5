/** Draws `count` cryptographically strong bytes, so that chance is an argument. */
export type RandomBytes = (count: number) => Uint8Array;
