import { mkdirSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notFound, RefusalError } from '../errors.ts';

/** Something kept is asked for by its name, and may take another's place where that is said. */
export interface Place {
  name: string;
  replace: boolean;
}

/** A folder of files that people keep by name. */
export interface Shelf {
  names(): Promise<string[]>;
  /** The path of a file; refuses a name that leads elsewhere. */
  pathOf(name: string): string;
  read(name: string): Promise<Buffer>;
  /** Refuses a name that is taken, unless it is to be replaced. */
  refuseTaken(place: Place): Promise<void>;
  /** Keeps a file whole, or not at all, also where the machine stops meanwhile. */
  keep(name: string, file: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Letters, digits, `-` and `_` of any script: no name leads out of the folder, on whatever system. */
const NAME = /^[\p{L}\p{N}_-]{1,60}$/u;

/** Opens the files of a folder that have an ending; the folder is made when it is needed. */
export function openShelf(folder: string, ending: string): Shelf {
  const pathOf = (name: string) => {
    if (NAME.test(name)) return join(folder, `${name.normalize('NFC')}${ending}`);
    const message =
      '名称只能是 1 至 60 个字母、汉字、数字、- 或 _ (letters, digits, - and _, at most 60)';
    throw new RefusalError(400, 'INVALID', message, 'name');
  };
  const read = async (name: string) => {
    const file = pathOf(name);
    return (await readFile(file).catch(() => undefined)) ?? notFound('name');
  };
  return {
    names: async () => {
      const files = await readdir(folder).catch(() => []);
      return files
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length));
    },
    pathOf,
    read,
    refuseTaken: async ({ name, replace }) => {
      const found = await stat(pathOf(name)).catch(() => undefined);
      if (found && !replace) throw nameTaken();
    },
    keep: async (name, file) => {
      const to = pathOf(name);
      mkdirSync(folder, { recursive: true });
      await writeFile(`${to}.draft`, file);
      await rename(`${to}.draft`, to);
    },
    remove: async (name) => {
      await read(name);
      await rm(pathOf(name));
    },
  };
}

/** Makes the refusal of a name that something else has. */
export function nameTaken(): RefusalError {
  const message = `已有同名的，要替换请加 replace (there is one of this name: add replace to replace it)`;
  return new RefusalError(409, 'EXISTS', message, 'name');
}
