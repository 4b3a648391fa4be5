import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';

/** A function's package as it is uploaded. */
export interface Package {
  bytes: Uint8Array;
  /** The hash of the zip, in hex. */
  sha256: string;
}

/** The first instant that a zip can hold; fflate reads its parts in local time. */
const EPOCH = new Date(1980, 0, 1);

/**
 * Packs a bundle as the one file `index.js`. The same bundle gives the same bytes on every machine
 * and Node: the compressor is JavaScript, not the zlib that Node was built with.
 */
export function zipBundle(bundle: Uint8Array): Package {
  const bytes = zipSync({
    'index.js': [bundle, { level: 9, mtime: EPOCH, os: 3, attrs: 0o644 << 16 }],
  });
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
