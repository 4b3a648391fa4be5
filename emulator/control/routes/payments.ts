import { signServiceCall } from '../../../shared/contract/serviceCall.ts';
import type { AnswerOf } from '../api/controlApi.ts';
import type { ControlDeps, Invoker, WeChatRefusal } from '../deps.ts';
import { notFound, RefusalError } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { moveClock } from '../time.ts';

type WeChatOrder = AnswerOf<'GET /_local/wechatpay/orders/{outTradeNo}'>;
type WeChatRefund = AnswerOf<'GET /_local/wechatpay/refunds/{outRefundNo}'>;

/** Lists the routes by which money moves, on our side and at WeChat. */
export function paymentRoutes(deps: ControlDeps): Route[] {
  const { runner, wechat, envId, appid, serviceKey } = deps;
  const nowMs = () => deps.world.clock.nowMs();
  return [
    route('POST /_local/call', ({ body: { name, data, service, ...who } }) => {
      const callee = { name, envId, appid };
      const signed = () => signServiceCall(callee, data ?? {}, serviceKey, nowMs());
      if (!service) return runner.invoke(name, data ?? {}, invokerOf(who));
      const { source = 'scf' } = who;
      return runner.invoke(name, signed(), invokerOf({ source }));
    }),
    route(
      'POST /_local/cashier/{prepayId}',
      async ({ path, body: { action, at, openid, outcome } }) => {
        if (at !== undefined) await moveClock(deps, { to: at, timers: 'none' });
        return wechat.cashier(path.prepayId, action, {
          ...(openid === undefined ? {} : { openid }),
          ...(outcome === undefined ? {} : { outcome }),
        });
      },
    ),
    route(
      'GET /_local/wechatpay/orders/{outTradeNo}',
      ({ path }) => (wechat.truth(path.outTradeNo) as WeChatOrder) ?? notFound('outTradeNo'),
    ),
    ...steeringRoutes(deps),
    route('GET /_local/wechatpay/notifications', ({ query: { limit = '0' } }) =>
      (wechat.notices() as readonly Record<string, unknown>[]).slice(-Number(limit)),
    ),
    route('POST /_local/signature', ({ body }) => deps.diagnose(body)),
    ...refundRoutes(deps),
  ];
}

function refundRoutes({ wechat }: ControlDeps): Route[] {
  return [
    route('POST /_local/refunds/{outRefundNo}', ({ path, body: { to } }) =>
      passOn<WeChatRefund>(wechat.steerRefund(path.outRefundNo, to)),
    ),
    route('POST /_local/console/refunds', ({ body: { outTradeNo, refundFee } }) =>
      passOn<WeChatRefund>(wechat.consoleRefund(outTradeNo, refundFee)),
    ),
    route(
      'GET /_local/wechatpay/refunds/{outRefundNo}',
      ({ path }) =>
        (wechat.refundTruth(path.outRefundNo) as WeChatRefund) ?? notFound('outRefundNo'),
    ),
  ];
}

function steeringRoutes({ wechat }: ControlDeps): Route[] {
  return [
    route('POST /_local/wechatpay/orders/{outTradeNo}', ({ path, body }) =>
      passOn<WeChatOrder>(wechat.steerOrder(path.outTradeNo, body)),
    ),
    route('POST /_local/wechatpay/orders/{outTradeNo}/notifications', async ({ path }) =>
      passOn<WeChatOrder>(await wechat.repeatNotification(path.outTradeNo)),
    ),
    route('POST /_local/wechatpay/refunds/{outRefundNo}/notifications', async ({ path }) =>
      passOn<WeChatRefund>(await wechat.repeatRefundNotification(path.outRefundNo)),
    ),
  ];
}

/** Passes on what WeChat did; its refusal becomes the caller's error. */
function passOn<T extends object>(answer: object | WeChatRefusal): T {
  if (!('refused' in answer)) return answer as T;
  const status = answer.refused === 'RESOURCE_NOT_EXISTS' ? 404 : 400;
  throw new RefusalError(status, answer.refused, answer.message);
}

/** A caller's description: who calls, and from where. */
interface Who {
  openid?: string | undefined;
  source?: string | undefined;
}

/** Reads which invoker a caller's description means. */
function invokerOf({ openid, source }: Who): Invoker {
  const who = openid === undefined ? {} : { openid };
  if (source === undefined || source === 'wx_client' || source === 'wx_devtools') {
    return { kind: 'client', openid: openid ?? 'oLocalUser', source: source ?? 'wx_client' };
  }
  if (source.split(',').includes('scf')) return { kind: 'function', chain: source, ...who };
  return { kind: 'other', source, ...who };
}
