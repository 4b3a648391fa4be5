/** Chance, as an argument: `count` cryptographically strong bytes. */
export type RandomBytes = (count: number) => Uint8Array;
