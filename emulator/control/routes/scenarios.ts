import { type Route, route } from '../route.ts';
import { decodeScenario, encodeScenario } from '../scenarios/scenarioFile.ts';
import type { Scenarios } from '../scenarios/scenarios.ts';

/** Lists the routes that record what is done, and play it. */
export function scenarioRoutes(scenarios: Scenarios): Route[] {
  const fileOf = async (request: { arrayBuffer(): Promise<ArrayBuffer> }) =>
    new Uint8Array(await request.arrayBuffer());
  const placeOf = ({ name }: { name: string }, { replace }: { replace?: string | undefined }) => ({
    name,
    replace: replace === 'true',
  });
  return [
    route('GET /_local/scenarios', () => scenarios.standing()),
    route('POST /_local/scenarios/{name}/record', ({ path, query }) =>
      scenarios.record(placeOf(path, query)),
    ),
    route('POST /_local/scenarios/{name}/stop', ({ path }) => scenarios.stop(path.name)),
    route('POST /_local/scenarios/{name}/play', async ({ path }) =>
      scenarios.play(await scenarios.read(path.name)),
    ),
    route('POST /_local/scenarios/play', async ({ request }) =>
      scenarios.play(decodeScenario(await fileOf(request))),
    ),
    route('GET /_local/scenarios/{name}', async ({ path }) => {
      const text = encodeScenario(await scenarios.read(path.name));
      return new Response(text, { headers: { 'content-type': 'application/json' } });
    }),
    route('PUT /_local/scenarios/{name}', async ({ path, query, request }) =>
      scenarios.keep(placeOf(path, query), await fileOf(request)),
    ),
    route('DELETE /_local/scenarios/{name}', async ({ path }) => {
      await scenarios.remove(path.name);
      return {};
    }),
  ];
}
