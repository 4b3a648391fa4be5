import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Data } from '../../world/data.ts';
import { readZip } from './zip.ts';

/** Uploaded code: the zips in the data file, unpacked into a folder. */
export interface Codes {
  /** Stores a zip; answers its sha256 in hex, under which it is found. */
  store(zip: Buffer): string;
  has(code: string, path: string): boolean;
  /** Answers the absolute path of a file of the unpacked code; unpacks it when it is not there. */
  fileOf(code: string, path: string): string;
  /** Forgets the zips that are not in `used`. Unpacked files stay: a process may still run them. */
  forget(used: ReadonlySet<string>): void;
}

/** Opens the uploaded code; `folder` is made when it is needed. */
export function openCodes(data: Data, folder: string): Codes {
  const table = data.table<string>('tencentcloud_code');
  const zipOf = (code: string) => Buffer.from(table.get(code) ?? '', 'base64');
  return {
    store: (zip) => {
      const code = createHash('sha256').update(zip).digest('hex');
      if (table.get(code) === undefined) table.put(code, zip.toString('base64'));
      return code;
    },
    has: (code, path) => readZip(zipOf(code)).has(path),
    fileOf: (code, path) => {
      const root = join(folder, code);
      const file = join(root, path);
      if (!existsSync(file)) unpack(readZip(zipOf(code)), root);
      return file;
    },
    forget: (used) => {
      for (const [code] of table.all()) if (!used.has(code)) table.delete(code);
    },
  };
}

/** Unpacks all files or none: they are written beside their folder and moved there at once. */
function unpack(files: Map<string, Uint8Array>, root: string): void {
  const draft = `${root}.draft`;
  for (const place of [draft, root]) rmSync(place, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  // The project is a package of ES modules; what SCF loads is CommonJS unless the zip says otherwise.
  writeFileSync(join(draft, 'package.json'), '{"type":"commonjs"}\n');
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(draft, path)), { recursive: true });
    writeFileSync(join(draft, path), bytes);
  }
  renameSync(draft, root);
}
