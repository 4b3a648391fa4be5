import { open, stat } from 'node:fs/promises';
import type { AnswerOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { connectOnce, waitUntilIdle } from '../quiet.ts';
import { clockOf } from '../time.ts';
import { checkedMemory, putWorld, takeWorld } from './content.ts';
import { openShelf, type Place } from './shelf.ts';
import { decodeHead, decodeWorld, encodeWorld, HEAD_BYTES } from './worldFile.ts';

type Snapshot = AnswerOf<'POST /_local/snapshots'>;
type Clock = AnswerOf<'GET /_local/clock'>;

const shelfOf = ({ worldsFolder }: ControlDeps) => openShelf(worldsFolder, '.world.gz');

/** Lists the saved worlds, the latest first; one that cannot be read says why. */
export async function listWorlds(deps: ControlDeps): Promise<Snapshot[]> {
  const names = await shelfOf(deps).names();
  const found = await Promise.all(names.map((name) => describe(deps, name)));
  return found.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/** Saves the world as it stands once nothing is under way. */
export async function saveWorld(deps: ControlDeps, place: Place): Promise<Snapshot> {
  await shelfOf(deps).refuseTaken(place);
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
  await shelfOf(deps).refuseTaken(place);
  checkedMemory(deps, await decodeWorld(file));
  return keep(deps, place, file);
}

/** Answers the file of a saved world. */
export function exportWorld(deps: ControlDeps, name: string): Promise<Buffer> {
  return shelfOf(deps).read(name);
}

/** Forgets a saved world. */
export function deleteWorld(deps: ControlDeps, name: string): Promise<void> {
  return shelfOf(deps).remove(name);
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

async function keep(deps: ControlDeps, { name }: Place, file: Uint8Array): Promise<Snapshot> {
  await shelfOf(deps).keep(name, file);
  return describe(deps, name);
}

async function describe(deps: ControlDeps, name: string): Promise<Snapshot> {
  const file = shelfOf(deps).pathOf(name);
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
