import type { ControlDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';
import {
  deleteWorld,
  exportWorld,
  importWorld,
  listWorlds,
  loadWorld,
  saveWorld,
} from '../worlds/worlds.ts';

/** Lists the routes that save worlds and put them back. */
export function snapshotRoutes(deps: ControlDeps): Route[] {
  return [
    route('GET /_local/snapshots', () => listWorlds(deps)),
    route('POST /_local/snapshots', ({ body: { name, replace = false } }) =>
      saveWorld(deps, { name, replace }),
    ),
    route('POST /_local/snapshots/{name}/load', async ({ path }) => ({
      ...(await loadWorld(deps, path.name)),
    })),
    route('GET /_local/snapshots/{name}', async ({ path }) => {
      const file = await exportWorld(deps, path.name);
      const named = `attachment; filename*=UTF-8''${encodeURIComponent(`${path.name}.world.gz`)}`;
      return new Response(new Uint8Array(file), {
        headers: { 'content-type': 'application/gzip', 'content-disposition': named },
      });
    }),
    route('PUT /_local/snapshots/{name}', async ({ path, query, request }) => {
      const place = { name: path.name, replace: query.replace === 'true' };
      return importWorld(deps, place, new Uint8Array(await request.arrayBuffer()));
    }),
    route('DELETE /_local/snapshots/{name}', async ({ path }) => {
      await deleteWorld(deps, path.name);
      return {};
    }),
  ];
}
