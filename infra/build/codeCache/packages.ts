import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Zip, zipFiles } from '../zip.ts';

/** The code cache of one bundle, and what it was made with. */
export interface CodeCache {
  bytes: Uint8Array;
  /** The runtime, and the hashes of bundle and cache; the loader compares them. */
  made: Readonly<Record<string, unknown>>;
}

const fileBeside = (name: string) => readFileSync(new URL(name, import.meta.url));
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Packs a bundle with the maker, which answers the holder of `secret` alone. */
export function makerZip(bundle: Uint8Array, secret: string): Zip {
  return zipFiles({
    'index.js': fileBeside('maker.cjs'),
    'codeCache.cjs': fileBeside('codeCache.cjs'),
    'bundle.js': bundle,
    'secret.sha256': Buffer.from(sha256(secret)),
  });
}

/** Packs a bundle with its code cache and the loader. */
export function cachedZip(bundle: Uint8Array, { bytes, made }: CodeCache): Zip {
  return zipFiles({
    'index.js': fileBeside('loader.cjs'),
    'codeCache.cjs': fileBeside('codeCache.cjs'),
    'bundle.js': bundle,
    'bundle.cache': bytes,
    'cache.json': Buffer.from(JSON.stringify(made)),
  });
}

/** Reads the maker's answer; undefined where it is none, or not about this bundle. */
export function readMade(answer: unknown, bundle: Uint8Array): CodeCache | undefined {
  const { made, cache } = (answer ?? {}) as { made?: CodeCache['made']; cache?: unknown };
  if (typeof cache !== 'string' || made?.bundle !== sha256(bundle)) return undefined;
  try {
    const bytes = gunzipSync(Buffer.from(cache, 'base64'));
    return made.cache === sha256(bytes) ? { bytes, made } : undefined;
  } catch {
    return undefined;
  }
}
