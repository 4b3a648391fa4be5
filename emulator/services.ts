import type { Handler } from './server.ts';
import type { Service } from './world/service.ts';
import { CAUSE_HEADER, type Causes } from './world/timeline/causes.ts';
import type { HttpRequest } from './world/wire/http.ts';
import type { World } from './world/world.ts';

/**
 * Serves all on one port: the first service that owns a request answers it, which follows from the invocation that
 * it says it comes from.
 */
export function serve(services: readonly Service[], causes: Causes): Handler {
  return async (request) => {
    const cause = causes.find(request.headers.get(CAUSE_HEADER) ?? '');
    const owner = services.find((service) => service.owns(request));
    const answer = causes.within(cause, async () => owner?.handle(request));
    return (await answer) ?? notFound(request);
  };
}

/** Counts the requests to a service that are under way, so that a reset can wait for them. */
export function withCount(service: Service, { requests }: World): Service {
  return {
    ...service,
    handle: (request) => requests.during(() => service.handle(request)),
  };
}

/**
 * Lets requests to a service wait for a reset to end: they come from outside, into the new life.
 */
export function afterReset(service: Service, { life }: World): Service {
  return {
    ...service,
    handle: async (request) => {
      await life.calm();
      return service.handle(request);
    },
  };
}

function notFound(request: HttpRequest): Response {
  const { pathname } = new URL(request.url);
  const text = `没有 ${pathname} (nothing here); see / and /_local/openapi.json\n`;
  return new Response(text, { status: 404 });
}
