import { mkdirSync } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswerOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { notFound, RefusalError } from '../errors.ts';
import { connectOnce, waitUntilIdle } from '../quiet.ts';
import { clockOf } from '../time.ts';
import { checkedMemory, putWorld, takeWorld } from './content.ts';
import { decodeHead, decodeWorld, encodeWorld, HEAD_BYTES } from './worldFile.ts';

type Snapshot = AnswerOf<'POST /_local/snapshots'>;
type Clock = AnswerOf<'GET /_local/clock'>;

/** A saved world is asked for by its name, and may take another's place where that is said. */
interface Place {
  name: string;
  replace: boolean;
}

const ENDING = '.world.gz';
/** Letters, digits, `-` and `_` of any script: no name leads out of the folder, on whatever system. */
const NAME = /^[\p{L}\p{N}_-]{1,60}$/u;

/** Lists the saved worlds, the latest first; one that cannot be read says why. */
export async function listWorlds({ worldsFolder }: ControlDeps): Promise<Snapshot[]> {
  const files = await readdir(worldsFolder).catch(() => []);
  const names = files.filter((file) => file.endsWith(ENDING));
  const found = await Promise.all(
    names.map((file) => describe(worldsFolder, file.slice(0, -ENDING.length))),
  );
  return found.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/** Saves the world as it stands once nothing is under way. */
export async function saveWorld(deps: ControlDeps, place: Place): Promise<Snapshot> {
  await refuseTaken(deps, place);
  const { agenda, life } = deps.world;
  const take = async () => {
    await waitUntilIdle(deps.world);
    return takeWorld(deps);
  };
  const taken = await life.hold(() => agenda.runAlone(take));
  return keep(deps, place, await encodeWorld(taken));
}

/** Keeps the file of a world, of whatever cloud, once it is found to be whole. */
export async function importWorld(
  deps: ControlDeps,
  place: Place,
  file: Uint8Array,
): Promise<Snapshot> {
  await refuseTaken(deps, place);
  checkedMemory(deps, await decodeWorld(file));
  return keep(deps, place, file);
}

/** Answers the file of a saved world. */
export async function exportWorld({ worldsFolder }: ControlDeps, name: string): Promise<Buffer> {
  const file = fileOf(worldsFolder, name);
  return (await readFile(file).catch(() => undefined)) ?? notFound('name');
}

/** Forgets a saved world. */
export async function deleteWorld(deps: ControlDeps, name: string): Promise<void> {
  await exportWorld(deps, name);
  await rm(fileOf(deps.worldsFolder, name));
}

/**
 * Loads a saved world in place of the one that is there. What runs is ended, and its caller told so; functions begin
 * anew, so that none remembers the world of before.
 */
export async function loadWorld(deps: ControlDeps, name: string): Promise<Clock> {
  const { world, runner, url } = deps;
  const saved = await decodeWorld(await exportWorld(deps, name));
  return world.life.end(async () => {
    await runner.endInstances();
    await connectOnce(url);
    return world.agenda.runAlone(async () => {
      await waitUntilIdle(world);
      putWorld(deps, saved);
      deps.keysCame();
      return clockOf(deps);
    });
  });
}

async function keep(
  { worldsFolder }: ControlDeps,
  { name }: Place,
  file: Uint8Array,
): Promise<Snapshot> {
  const to = fileOf(worldsFolder, name);
  mkdirSync(worldsFolder, { recursive: true });
  // Whole or not at all, also where the machine stops meanwhile.
  await writeFile(`${to}.draft`, file);
  await rename(`${to}.draft`, to);
  return describe(worldsFolder, name);
}

async function refuseTaken({ worldsFolder }: ControlDeps, { name, replace }: Place): Promise<void> {
  const found = await stat(fileOf(worldsFolder, name)).catch(() => undefined);
  if (!found || replace) return;
  const message = `已有同名的世界，要替换请加 replace (there is one of this name: add replace to replace it)`;
  throw new RefusalError(409, 'EXISTS', message, 'name');
}

function fileOf(folder: string, name: string): string {
  if (NAME.test(name)) return join(folder, `${name.normalize('NFC')}${ENDING}`);
  const message =
    '名称只能是 1 至 60 个字母、汉字、数字、- 或 _ (letters, digits, - and _, at most 60)';
  throw new RefusalError(400, 'INVALID', message, 'name');
}

async function describe(folder: string, name: string): Promise<Snapshot> {
  const file = join(folder, `${name}${ENDING}`);
  const { size: bytes, mtime } = await stat(file);
  try {
    const { savedAt, now, orders } = decodeHead(await beginOf(file));
    return { name, savedAt, bytes, now, orders };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { name, savedAt: mtime.toISOString(), bytes, fault };
  }
}

async function beginOf(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
