import type { ControlDeps } from '../deps.ts';
import { notFound, RefusalError } from '../errors.ts';
import { countCalls } from '../functions/callCounts.ts';
import { describeDeployed } from '../functions/describe.ts';
import { type Route, route } from '../route.ts';

/** Lists the routes about what is deployed. */
export function functionRoutes(deps: ControlDeps): Route[] {
  const { runner, doctor, world } = deps;
  const countOf = countCalls(world.timeline);
  const instancesOf = (name: string) => runner.instances().filter((each) => each.name === name);
  return [
    route('GET /_local/functions', () => describeDeployed(deps, countOf)),
    route('POST /_local/functions/{function}/restart', async ({ path }) => {
      const name = path.function;
      if (!runner.functions().some((each) => each.name === name)) notFound('function');
      const ended = instancesOf(name).length;
      await runner.restart(name);
      return { ended };
    }),
    route('POST /_local/doctor', async () => ({ findings: await doctor().catch(refuse) })),
  ];
}

function refuse(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new RefusalError(502, 'DOCTOR_FAILED', reason);
}
