import type { Data } from '../../world/data.ts';

interface Upload {
  sign: string;
  /** base64; absent until it was put. */
  zip?: string;
}

/** Code that waits in the temporary bucket until a function takes it. */
export interface Uploads {
  /** Admits one upload to `path` (`/<date>/<object path>`) with `sign`. */
  admit(path: string, sign: string): void;
  /** Takes in an upload; false when it was not admitted with this sign. */
  put(path: string, sign: string, zip: Buffer): boolean;
  get(path: string): Buffer | undefined;
  remove(path: string): void;
}

/** Opens the temporary bucket. */
export function openUploads(data: Data): Uploads {
  const table = data.table<Upload>('tencentcloud_uploads');
  return {
    admit: (path, sign) => table.put(path, { sign }),
    put: (path, sign, zip) => {
      if (table.get(path)?.sign !== sign) return false;
      table.put(path, { sign, zip: zip.toString('base64') });
      return true;
    },
    get: (path) => {
      const zip = table.get(path)?.zip;
      return zip === undefined ? undefined : Buffer.from(zip, 'base64');
    },
    remove: (path) => table.delete(path),
  };
}
