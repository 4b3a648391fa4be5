import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { Session } from '../context/framework.ts';
import { type Packed, pack } from './package.ts';

/** Where the sources of functions lie. */
const SOURCES = ['functions', 'shared'];

/** Editors save a file in several writes. */
const QUIET_MS = 40;

type DeployChanged = (changed: readonly Packed[]) => Promise<void>;

/** Files saved since the last look. */
export interface Saves {
  /** Watches the folders that have come since, too. */
  look(): Promise<void>;
  /** Settles when something was saved. */
  next(): Promise<void>;
  take(): string[];
}

/** Begins to watch the sources under `root`. */
export async function watchSources(root: string): Promise<Saves> {
  const saves = watchFolders(root);
  await saves.look();
  return saves;
}

/**
 * `serverless deploy --watch`: on save builds the functions that the saved files are part of, and deploys
 * those whose package changed. A failure is told, and what was deployed goes on. Never settles; ends with
 * the process, or with the one that started it.
 */
export async function deploySaved(
  session: Session,
  saves: Saves,
  packed: readonly Packed[],
  deployChanged: DeployChanged,
): Promise<never> {
  const current = new Map(packed.map((one) => [one.name, one]));
  // Functions whose last build or deploy failed: any save may have mended them.
  const failed = new Set<string>();
  for (;;) {
    await saves.next();
    await session.wait(QUIET_MS);
    await saves.look();
    const touched = touchedBy(saves.take(), [...current.values()], failed);
    for (const name of touched) failed.add(name);
    try {
      await redeploy(session, current, touched, deployChanged);
      failed.clear();
    } catch (error) {
      session.utils.log.error(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Every folder of sources: whole folders, since many editors save by renaming, and new files come. */
async function sourceFolders(root: string): Promise<string[]> {
  const all = SOURCES.map(async (top) => {
    const entries = await readdir(join(root, top), { recursive: true, withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory());
    return [top, ...folders.map(({ parentPath, name }) => relative(root, join(parentPath, name)))];
  });
  return (await Promise.all(all)).flat().map((folder) => folder.split(sep).join('/'));
}

function touchedBy(
  files: readonly string[],
  packed: readonly Packed[],
  failed: ReadonlySet<string>,
): string[] {
  return packed
    .filter(({ name, sources }) => failed.has(name) || files.some((file) => sources.includes(file)))
    .map(({ name }) => name);
}

/** Collects the names of saved files, relative to `root`. */
function watchFolders(root: string): Saves {
  const watchers = new Map<string, FSWatcher>();
  const saved = new Set<string>();
  let wake = () => {};
  return {
    look: async () => {
      for (const folder of await sourceFolders(root)) {
        if (watchers.has(folder)) continue;
        const watcher = watchFolder(join(root, folder), (_event, file) => {
          if (file) saved.add(posix.join(folder, file));
          wake();
        });
        watchers.set(folder, watcher);
      }
    },
    next: async () => {
      if (saved.size > 0) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    take: (): string[] => {
      const files = [...saved];
      saved.clear();
      return files;
    },
  };
}

async function redeploy(
  session: Session,
  current: Map<string, Packed>,
  touched: readonly string[],
  deployChanged: DeployChanged,
): Promise<void> {
  if (touched.length === 0) return;
  const packed = await pack(session.framework.serviceDir, touched);
  const changed = packed.filter(({ name, sha256 }) => current.get(name)?.sha256 !== sha256);
  if (changed.length > 0) await deployChanged(changed);
  for (const one of packed) current.set(one.name, one);
}
