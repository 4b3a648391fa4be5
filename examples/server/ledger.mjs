/**
 * Keeps what the shop did, each once: a folder for a kind, a file for a key. It stands in for a table with a unique
 * column, in whose transaction the stock changes as well.
 */
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Opens the ledger in a folder. */
export function openLedger(folder) {
  // A key may hold what no file name may, and letters in both cases.
  const fileOf = (kind, key) => join(folder, kind, `${Buffer.from(key).toString('hex')}.json`);
  return {
    /** Reads what was kept under a key; undefined: nothing. */
    read: async (kind, key) => {
      const text = await readFile(fileOf(kind, key), 'utf8').catch(unlessCode('ENOENT'));
      return text === undefined ? undefined : JSON.parse(text);
    },
    /** Keeps a record under a key that has none, and answers whether it did: of two at once one does. */
    once: async (kind, key, record) => {
      await mkdir(join(folder, kind), { recursive: true });
      return keep(fileOf(kind, key), JSON.stringify(record));
    },
  };
}

/** Writes all of it before anybody sees the name, so that no death leaves half a record. */
async function keep(path, text) {
  const draft = `${path}.${crypto.randomUUID()}`;
  const file = await open(draft, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    const taken = await link(draft, path).then(() => false, unlessCode('EEXIST'));
    return taken === false;
  } finally {
    await rm(draft, { force: true });
  }
}

function unlessCode(code) {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
