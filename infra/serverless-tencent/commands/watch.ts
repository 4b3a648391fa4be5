import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { CommandContext } from '../context/framework.ts';
import { changedOf, READ_AT_START, type TextsAtStart } from '../context/textsAtStart.ts';
import { type FunctionPackage, packagesByName, packFunctions } from './package.ts';

/** The folders that hold the sources of functions. */
const SOURCE_FOLDERS = ['functions', 'shared'];

/** Editors save a file in several writes. */
const QUIET_MS = 40;

type DeployChanged = (changed: readonly FunctionPackage[]) => Promise<void>;

/** The files that were saved and not yet taken. */
export interface SavedFiles {
  /** Watches folders that were made since, too. */
  watchNewFolders(): Promise<void>;
  /** Resolves when something was saved. */
  waitForSave(): Promise<void>;
  take(): string[];
}

/** A watcher begins with these. */
export interface Watching {
  savedFiles: SavedFiles;
  texts: TextsAtStart;
  packages: readonly FunctionPackage[];
  /**
   * Deploys all with the files that only a start reads; returns only where that failed. Absent where
   * the person has to.
   */
  startAnew?: ((changed: readonly string[]) => Promise<void>) | undefined;
}

/** Begins to watch the sources under `root`. */
export async function watchSources(root: string): Promise<SavedFiles> {
  const savedFiles = watchFolders(root);
  await savedFiles.watchNewFolders();
  return savedFiles;
}

/**
 * Runs the watching part of `serverless deploy --watch`: on save builds the functions that the
 * saved files are part of, and deploys those whose package changed. A failure is reported, and what
 * was deployed goes on. Never resolves; ends with the process, or with the one that started it.
 */
export async function deploySaved(
  context: CommandContext,
  { savedFiles, texts, packages, startAnew = warnOf(context) }: Watching,
  deployChanged: DeployChanged,
): Promise<never> {
  const current = packagesByName(packages);
  // Functions whose last build or deploy failed: any save may have corrected them.
  const failed = new Set<string>();
  // The framework read these a while ago.
  let files: readonly string[] = READ_AT_START;
  for (;;) {
    const changed = changedOf(texts, files);
    if (changed.length > 0) await startAnew(changed);
    const touched = touchedBy(files, [...current.values()], failed);
    for (const name of touched) failed.add(name);
    try {
      await redeploy(context, current, touched, deployChanged);
      failed.clear();
    } catch (error) {
      context.utils.log.error(error instanceof Error ? error.message : String(error));
    }
    await savedFiles.waitForSave();
    await context.wait(QUIET_MS);
    await savedFiles.watchNewFolders();
    files = savedFiles.take();
  }
}

function warnOf({ utils }: CommandContext): (changed: readonly string[]) => Promise<void> {
  return async (changed) =>
    utils.log.warning(
      `${changed.join(', ')} 已改变，尚未部署：停止后重新运行即生效 (changed and not deployed: stop, and start again)`,
    );
}

/**
 * Lists every folder of sources: folders are watched, since many editors save by renaming, and new
 * files come.
 */
async function sourceFolders(root: string): Promise<string[]> {
  const all = SOURCE_FOLDERS.map(async (top) => {
    const entries = await readdir(join(root, top), { recursive: true, withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory());
    return [top, ...folders.map(({ parentPath, name }) => relative(root, join(parentPath, name)))];
  });
  return (await Promise.all(all)).flat().map((folder) => folder.split(sep).join('/'));
}

function touchedBy(
  files: readonly string[],
  packages: readonly FunctionPackage[],
  failed: ReadonlySet<string>,
): string[] {
  return packages
    .filter(({ name, sources }) => failed.has(name) || files.some((file) => sources.includes(file)))
    .map(({ name }) => name);
}

/** Collects the names of saved files, relative to `root`. */
function watchFolders(root: string): SavedFiles {
  const watchers = new Map<string, FSWatcher>();
  const saved = new Set<string>();
  let wake = () => {};
  return {
    watchNewFolders: async () => {
      for (const folder of ['.', ...(await sourceFolders(root))]) {
        if (watchers.has(folder)) continue;
        const watcher = watchFolder(join(root, folder), (_event, file) => {
          // Beside the project's own files data, builds and logs come and go.
          if (folder === '.' && !READ_AT_START.includes(file ?? '')) return;
          if (file) saved.add(posix.join(folder, file));
          wake();
        });
        watchers.set(folder, watcher);
      }
    },
    waitForSave: async () => {
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
  context: CommandContext,
  current: Map<string, FunctionPackage>,
  touched: readonly string[],
  deployChanged: DeployChanged,
): Promise<void> {
  if (touched.length === 0) return;
  const packages = await packFunctions(context.framework.serviceDir, touched);
  const changed = packages.filter(({ name, sha256 }) => current.get(name)?.sha256 !== sha256);
  if (changed.length > 0) await deployChanged(changed);
  for (const functionPackage of packages) current.set(functionPackage.name, functionPackage);
}
