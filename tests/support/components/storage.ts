import { createHash, randomUUID } from 'node:crypto';
import { unzipSync } from 'fflate';

/** The platform's cache of uploaded code, behind signed addresses. */
export interface Storage {
  /** Makes the signed address of one file of an instance. */
  urlOf(id: string, file: string): string;
  /** Tells whether `url` is a signed address of that file. */
  isOurs(id: string, file: string, url: unknown): boolean;
  /** Reads the code of an instance: everything that was uploaded so far and not deleted. */
  filesOf(id: string): Map<string, Uint8Array>;
  /** Answers a GET or PUT of a signed address; 403 where the signature is wrong. */
  answer(method: string, url: URL, body: Uint8Array): { status: number; body: string };
}

interface Cached {
  sign: string;
  files: Map<string, Uint8Array>;
  /** MD5 by path, as JSON; empty: nothing was uploaded yet. */
  map: string;
}

/** Opens an empty cache at `host`. */
export function openStorage(host: string): Storage {
  const all = new Map<string, Cached>();
  const cacheOf = (id: string): Cached => {
    const cached = all.get(id) ?? { sign: randomUUID(), files: new Map(), map: '' };
    all.set(id, cached);
    return cached;
  };
  const urlOf = (id: string, file: string) =>
    `https://${host}/${id}/${file}?sign=${cacheOf(id).sign}`;
  return {
    urlOf,
    isOurs: (id, file, url) => all.has(id) && url === urlOf(id, file),
    filesOf: (id) => new Map(cacheOf(id).files),
    answer: (method, url, body) => {
      const [, id = '', file = ''] = /^\/(.+)\/([^/]+)$/.exec(url.pathname) ?? [];
      const cached = all.get(id);
      if (url.searchParams.get('sign') !== cached?.sign || !cached) {
        return { status: 403, body: '<Code>SignatureDoesNotMatch</Code>' };
      }
      if (method === 'PUT' && file === 'changes.zip') return applyUpload(cached, body);
      return method === 'GET' && file === 'src.map' && cached.map !== ''
        ? { status: 200, body: cached.map }
        : { status: 404, body: '<Code>NoSuchKey</Code>' };
    },
  };
}

/** Applies an upload: changed files, the list of deleted ones, and the map that all must fit. */
function applyUpload(cached: Cached, zip: Uint8Array): { status: number; body: string } {
  const { 'src.map': map, 'deleted.files': deleted, ...changed } = unzipSync(zip);
  for (const [path, bytes] of Object.entries(changed)) cached.files.set(path, bytes);
  for (const path of deleted ? JSON.parse(textOf(deleted)) : []) cached.files.delete(path);
  cached.map = map ? textOf(map) : '';
  const claimed = Object.entries(JSON.parse(cached.map || '{}') as Record<string, string>);
  const files = new Map([...cached.files].map(([path, bytes]) => [path, md5(bytes)]));
  const fits =
    claimed.length === files.size && claimed.every(([path, sum]) => files.get(path) === sum);
  return fits ? { status: 200, body: '' } : { status: 400, body: '<Code>MapDoesNotFit</Code>' };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
