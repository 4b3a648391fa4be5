import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';

/** A zip as it is uploaded. */
export interface Zip {
  bytes: Uint8Array;
  /** The hash of the zip, in hex. */
  sha256: string;
}

/** A function's package. */
export interface Package extends Zip {
  /** The bundle in it. */
  bundle: Uint8Array;
}

/** The first instant that a zip can hold; fflate reads its parts in local time. */
const EPOCH = new Date(1980, 0, 1);

/**
 * Packs files. The same ones give the same bytes on every machine and Node: the compressor is
 * JavaScript, not the zlib that Node was built with.
 */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Zip {
  const bytes = zipSync(files, { level: 9, mtime: EPOCH, os: 3, attrs: 0o644 << 16 });
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Packs a bundle as the one file `index.js`. */
export function zipBundle(bundle: Uint8Array): Package {
  return { ...zipFiles({ 'index.js': bundle }), bundle };
}
