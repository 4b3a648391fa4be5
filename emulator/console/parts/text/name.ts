const NAME = /^[\p{L}\p{N}_-]{1,60}$/u;

/** Tells whether something may be kept under a name; the local cloud has the same rule. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** Makes a name of a file's: what may not stand in one is left out. */
export function nameOfFile(file: string): string {
  const bare = file.replace(/(?:(?:\.world)?\.gz|(?:\.scenario)?\.json)$/, '');
  return bare.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60);
}
