import * as z from 'zod/mini';
import type { ControlDeps } from './deps.ts';
import { type Route, route } from './route.ts';

const KEYS_BODY = z.strictObject({
  to: z.enum(['new_certificate', 'old_certificate', 'public_key_only', 'both']),
});
const SWITCHES_BODY = z.strictObject({
  devtoolsTimers: z.optional(z.boolean()),
  callbackTokens: z.optional(z.boolean()),
});

/** Lists the routes that change the platforms around the functions under them. */
export function platformRoutes({ wechat, runner }: ControlDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/_local/platform',
      summary:
        '更换微信侧的平台证书或只用公钥 (change WeChat’s own certificate, or public key only)',
      body: KEYS_BODY,
      run: ({ body: { to } }) => wechat.switchPlatform(to),
    }),
    route({
      method: 'PUT',
      path: '/_local/platform',
      summary:
        '哪些调用另有云调用令牌：开发者工具上传的定时器、云支付回调 (who gets a token for cloud calls beside clients: timers, callbacks)',
      body: SWITCHES_BODY,
      run: ({ body: { devtoolsTimers, callbackTokens } }) =>
        runner.tokens.switches({
          ...(devtoolsTimers === undefined ? {} : { devtoolsTimers }),
          ...(callbackTokens === undefined ? {} : { callbackTokens }),
        }),
    }),
  ];
}
