import type { Service } from '../world/service.ts';
import type { ControlDeps } from './deps.ts';
import { createHandler } from './handler.ts';

/** Makes the control API under `/_local/`; the page, the tests and scripts use it alike. */
export function createControl(deps: ControlDeps): Service {
  return {
    owns: (request) => /^\/_local(?:\/|$)/.test(new URL(request.url).pathname),
    handle: createHandler(deps),
  };
}
