import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, parse, relative, resolve, sep } from 'node:path';

/** Folders of the system, in which nobody keeps data. */
const OF_THE_SYSTEM =
  /^\/(?:(?:bin|boot|dev|etc|lib\d*|proc|sbin|sys)(?:\/|$)|usr(?:\/(?!local\/)|$))/;

/**
 * Makes the folder of the data and answers its path; throws, with what is wrong, for one that cannot
 * hold them: a file, a folder that cannot be written, a folder of the system, the project itself or
 * one of its folders, apart from `.local…`, which git ignores.
 */
export function openDataFolder(root: string, data: string): string {
  const folder = resolve(root, data);
  const fault = faultOf(folder, root) ?? attempt(() => mkdirSync(folder, { recursive: true }));
  const refusal = fault ?? attempt(() => accessSync(folder, constants.W_OK));
  if (refusal === undefined) return folder;
  throw new Error(
    `--data ${data}: ${refusal}，请换一个目录，如 --data .local2 (name another folder, as --data .local2)`,
  );
}

function faultOf(folder: string, root: string): string | undefined {
  if (folder === parse(folder).root || OF_THE_SYSTEM.test(folder)) {
    return '是系统目录 (a folder of the system)';
  }
  if (folder === resolve(root)) return '是项目目录本身 (the project itself)';
  if (isWithin(root, folder) && !relative(root, folder).startsWith('.local')) {
    return '在项目之内，只有 .local 开头的目录可以 (in the project, where only .local… can be)';
  }
  // The nearest that there is, since a file may stand in the way of a folder below it.
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  return statSync(nearest).isDirectory() ? undefined : '是文件，不是目录 (a file, no folder)';
}

/** Tells whether a folder is `root` or lies in it. */
export function isWithin(root: string, folder: string): boolean {
  const way = relative(root, folder);
  // On another drive of Windows the way is absolute.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function attempt(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return `无法写入 (cannot be written) ${code}`;
  }
}
