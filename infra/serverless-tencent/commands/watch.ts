import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { join, posix } from 'node:path';
import type { Session } from '../framework.ts';
import { type Packed, pack } from './package.ts';

/** Editors save a file in several writes. */
const QUIET_MS = 40;

type DeployChanged = (changed: readonly Packed[]) => Promise<void>;

/**
 * `serverless deploy --watch`: on save builds the functions that the saved files are part of, and deploys
 * those whose package changed. A failure is told, and what was deployed goes on. Never settles; ends with
 * the process, or with the one that started it.
 */
export async function watchSources(
  session: Session,
  packed: readonly Packed[],
  deployChanged: DeployChanged,
): Promise<never> {
  const current = new Map(packed.map((one) => [one.name, one]));
  const saves = watchFolders(session.framework.serviceDir);
  for (;;) {
    saves.look(foldersOf([...current.values()]));
    await saves.next();
    await session.wait(QUIET_MS);
    await redeploy(session, current, saves.take(), deployChanged).catch((error: unknown) =>
      session.utils.log.error(error instanceof Error ? error.message : String(error)),
    );
  }
}

/** The folders that our sources lie in. Whole folders, since many editors save by renaming. */
function foldersOf(packed: readonly Packed[]): Set<string> {
  const sources = packed
    .flatMap(({ sources: all }) => all)
    .filter((file) => !/node_modules|:/.test(file));
  return new Set(sources.map((file) => posix.dirname(file)));
}

/** Collects the names of saved files, relative to `root`. */
function watchFolders(root: string) {
  const watchers = new Map<string, FSWatcher>();
  const saved = new Set<string>();
  let wake = () => {};
  return {
    look: (folders: ReadonlySet<string>) => {
      for (const folder of folders) {
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
  files: readonly string[],
  deployChanged: DeployChanged,
): Promise<void> {
  const touched = [...current.values()].filter(({ sources }) =>
    files.some((file) => sources.includes(file)),
  );
  if (touched.length === 0) return;
  const packed = await pack(
    session.framework.serviceDir,
    touched.map(({ name }) => name),
  );
  const changed = packed.filter(({ name, sha256 }) => current.get(name)?.sha256 !== sha256);
  if (changed.length > 0) await deployChanged(changed);
  for (const one of packed) current.set(one.name, one);
}
