import { CLOUD_SWITCHES, given, WECHAT_SWITCHES } from '../api/platform.ts';
import type { ControlDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

/** Lists the routes that change the platforms around the functions under them. */
export function platformRoutes({ wechat, runner }: ControlDeps): Route[] {
  return [
    route('POST /_local/platform', ({ body: { to } }) => ({ ...wechat.switchPlatform(to) })),
    route('PUT /_local/platform', ({ body }) => ({
      ...runner.tokens.switches(given(body, CLOUD_SWITCHES)),
      ...wechat.switches(given(body, WECHAT_SWITCHES)),
    })),
  ];
}
