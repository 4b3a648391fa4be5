import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Package } from '../../build/zip.ts';
import { makeMask } from '../../mask.ts';
import type { Access } from '../cloud/access.ts';
import type { CommandContext } from '../context/framework.ts';
import type { Service } from '../service/service.ts';
import { childEnvironment, runChild } from './child.ts';
import { failureOf } from './failure.ts';
import { secretsOf } from './mask.ts';
import { makeStatusFilter, stripEscapes } from './output.ts';
import { type Method, type RenderedFile, renderFiles } from './render.ts';

/**
 * Files that keep the engine from reading and reporting what it should not: it reads the nearest
 * `.env`, two folders up too, and reports a new installation where it finds no id of one.
 */
const QUIET_FILES: readonly RenderedFile[] = [
  { path: '.env', content: '' },
  { path: '.home/.serverless/tencent/client_uid-credentials', content: '[client_uid]\n' },
];

/** Everything that a run of the hosted engine needs. */
export interface EngineRun {
  /** The project's folder, absolute. */
  root: string;
  service: Service;
  /** The packages by function name; not needed for a removal. */
  code: ReadonlyMap<string, Package>;
  access: Access;
  env: CommandContext['env'];
  /** Gets each line that the engine prints, every secret hidden. */
  print(line: string): void;
}

/**
 * Lets the real `@serverless/components` deploy or remove all functions, each a component instance.
 * Works in `.serverless/components`, which only this user can read and which is removed afterwards,
 * whatever happens. Throws a ComponentsError where the run failed or cannot be shown to have
 * succeeded.
 */
export async function runEngine(method: Method, run: EngineRun): Promise<void> {
  const { root, service, code, access, env, print } = run;
  const folder = join(root, '.serverless', 'components');
  const home = join(folder, '.home');
  const mask = makeMask(secretsOf(service, access));
  const isShown = makeStatusFilter();
  const lines: string[] = [];
  try {
    await writeAll(folder, [...renderFiles(method, service, code), ...QUIET_FILES]);
    const processEnd = await runChild(
      method,
      folder,
      childEnvironment(env, access, home),
      (raw) => {
        const line = stripEscapes(raw);
        lines.push(line);
        if (isShown(line)) print(mask(line));
      },
    );
    const names = service.functions.map(({ name }) => name);
    const failure = failureOf(method, names, processEnd, lines);
    if (failure) throw failure;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the files anew, readable by this user alone: they hold the functions' environments. */
async function writeAll(folder: string, files: readonly RenderedFile[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content, { mode: 0o600 });
  }
}
