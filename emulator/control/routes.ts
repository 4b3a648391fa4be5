import * as z from 'zod/mini';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { FAULT_KINDS, type Fault } from '../world/faults.ts';
import type { Service } from '../world/service.ts';
import type { ControlDeps, Invoker, Merchant, WeChatControls, WeChatRefusal } from './deps.ts';
import { RefusalError } from './errors.ts';
import { eventStream } from './events.ts';
import { platformRoutes } from './platform.ts';
import { emptyWorld } from './reset.ts';
import { openApiOf, type Route, route } from './route.ts';
import { storedOrders } from './storedOrders.ts';
import { clockOf, moveClock } from './time.ts';

const CALL_BODY = z.strictObject({
  name: z.string(),
  data: z.optional(z.unknown()),
  openid: z.optional(z.string()),
  source: z.optional(z.string()),
  service: z.optional(z.boolean()),
});
const FAULT = z.strictObject({
  at: z.string(),
  kind: z.enum(FAULT_KINDS),
  times: z.optional(z.int()),
  probability: z.optional(z.number()),
  delayMs: z.optional(z.int()),
  code: z.optional(z.string()),
});
const CLOCK_BODY = z.strictObject({
  advance: z.optional(z.string()),
  to: z.optional(z.string()),
  timers: z.optional(z.enum(['all', 'last', 'none'])),
});
const CASHIER_BODY = z.strictObject({
  action: z.enum(['pay', 'fail', 'cancel']),
  openid: z.optional(z.string()),
});
const STEER_BODY = z.strictObject({ to: z.enum(['SUCCESS', 'CLOSED', 'ABNORMAL']) });
const CONSOLE_BODY = z.strictObject({ outTradeNo: z.string(), refundFee: z.int() });
const LINKS = ['apiV3', 'cloudPay'] as const;
const MERCHANT_BODY = z.strictObject({ to: z.enum(['new_keys', 'new_number', 'back', ...LINKS]) });

/** Each change gives the functions another configuration of the merchant. */
const MERCHANT_CHANGES: Record<
  z.infer<typeof MERCHANT_BODY>['to'],
  (wechat: WeChatControls) => Merchant
> = {
  new_keys: (wechat) => wechat.rotateMerchantKey(wechat.merchant().mchid),
  new_number: (wechat) => wechat.addMerchant('1900000777'),
  back: (wechat) => wechat.merchant(),
  apiV3: (wechat) => wechat.merchant(),
  cloudPay: (wechat) => wechat.merchant(),
};

/** Lists the control API, call by call. */
export function routesOf(deps: ControlDeps): Route[] {
  const routes = [
    paymentRoutes,
    refundRoutes,
    platformRoutes,
    timeRoutes,
    worldRoutes,
    insightRoutes,
  ].flatMap((group) => group(deps));
  const document: Route = route({
    method: 'GET',
    path: '/_local/openapi.json',
    summary: '本接口文档 (this API as OpenAPI 3.1)',
    run: (): object => openApiOf([...routes, document]),
  });
  return [...routes, document];
}

function paymentRoutes(deps: ControlDeps): Route[] {
  const { runner, wechat, envId, appid, serviceKey } = deps;
  const nowMs = () => deps.world.clock.nowMs();
  return [
    route({
      method: 'POST',
      path: '/_local/call',
      summary: '以小程序用户或其他来源调用函数 (invoke a function as a user, or another source)',
      body: CALL_BODY,
      run: ({ body: { name, data, service, ...who } }) => {
        const callee = { name, envId, appid };
        const signed = () => signServiceCall(callee, data ?? {}, serviceKey, nowMs());
        if (!service) return runner.invoke(name, data ?? {}, invokerOf(who));
        const { source = 'scf' } = who;
        return runner.invoke(name, signed(), invokerOf({ source }));
      },
    }),
    route({
      method: 'POST',
      path: '/_local/cashier/{prepayId}',
      summary: '付款人在收银台的操作 (what the payer does on the cashier sheet)',
      body: CASHIER_BODY,
      run: ({ path, body: { action, openid } }) =>
        wechat.cashier(path.prepayId ?? '', action, openid === undefined ? {} : { openid }),
    }),
    route({
      method: 'GET',
      path: '/_local/wechatpay/orders/{outTradeNo}',
      summary: '微信侧的订单 (the order as WeChat Pay has it)',
      run: ({ path }) => wechat.truth(path.outTradeNo ?? '') ?? notFound('outTradeNo'),
    }),
    route({
      method: 'GET',
      path: '/_local/wechatpay/notifications',
      summary:
        '微信发出的通知原文与云支付回调 (the notifications that WeChat made, byte for byte, and callbacks)',
      run: () => wechat.notices(),
    }),
  ];
}

function refundRoutes({ wechat }: ControlDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/_local/refunds/{outRefundNo}',
      summary: '微信侧推动退款到某状态 (move a refund to a state at WeChat)',
      body: STEER_BODY,
      run: ({ path, body: { to } }) => passOn(wechat.steerRefund(path.outRefundNo ?? '', to)),
    }),
    route({
      method: 'POST',
      path: '/_local/console/refunds',
      summary:
        '在商户平台手工退款，以 APIv2 的 XML 通知 (refund in the merchant console; notified in XML)',
      body: CONSOLE_BODY,
      run: ({ body: { outTradeNo, refundFee } }) =>
        passOn(wechat.consoleRefund(outTradeNo, refundFee)),
    }),
    route({
      method: 'GET',
      path: '/_local/wechatpay/refunds/{outRefundNo}',
      summary: '微信侧的退款单 (the refund as WeChat Pay has it)',
      run: ({ path }) => wechat.refundTruth(path.outRefundNo ?? '') ?? notFound('outRefundNo'),
    }),
  ];
}

/** Passes on what WeChat did; its refusal becomes the caller's error. */
function passOn(answer: object | WeChatRefusal): object {
  if (!('refused' in answer)) return answer;
  const status = answer.refused === 'RESOURCE_NOT_EXISTS' ? 404 : 400;
  throw new RefusalError(status, answer.refused, answer.message);
}

/** Refuses faults with a word that nobody knows, by its name: none is taken for another. */
function checkFaults(faults: readonly Fault[], services: readonly Service[]): void {
  for (const [i, fault] of faults.entries()) {
    const verdicts = services.map((service) => service.faultVerdict?.(fault) ?? 'at');
    if (verdicts.includes('known')) continue;
    const word = verdicts.find((verdict) => verdict !== 'at' && verdict !== 'known') ?? 'at';
    const message = `没有这样的故障词 (unknown word of a fault): ${fault[word]}`;
    throw new RefusalError(400, 'INVALID', message, `${i}.${word}`);
  }
}

/** Reads which invoker a caller's description means. */
function invokerOf({
  openid,
  source,
}: {
  openid?: string | undefined;
  source?: string | undefined;
}) {
  const who = openid === undefined ? {} : { openid };
  if (source === undefined || source === 'wx_client' || source === 'wx_devtools') {
    const client = { openid: openid ?? 'oLocalUser', source: source ?? 'wx_client' };
    return { kind: 'client', ...client } satisfies Invoker;
  }
  if (source.split(',').includes('scf')) {
    return { kind: 'function', chain: source, ...who } satisfies Invoker;
  }
  return { kind: 'other', source, ...who } satisfies Invoker;
}

function timeRoutes(deps: ControlDeps): Route[] {
  const { runner } = deps;
  const timed = () => runner.functions().filter(({ timers }) => timers.length > 0);
  return [
    route({
      method: 'GET',
      path: '/_local/clock',
      summary: '当前虚拟时间 (virtual time)',
      run: () => clockOf(deps),
    }),
    route({
      method: 'POST',
      path: '/_local/clock',
      summary: '推进时间 (move time forward)',
      body: CLOCK_BODY,
      run: ({ body }) => moveClock(deps, body),
    }),
    route({
      method: 'POST',
      path: '/_local/timers/{function}',
      summary: '立即触发定时器 (fire a timer now)',
      run: ({ path }) =>
        timed().some(({ name }) => name === path.function)
          ? runner.fireTimer(path.function ?? '')
          : notFound('function'),
    }),
  ];
}

function worldRoutes(deps: ControlDeps): Route[] {
  const { world, wechat, reconfigure, services } = deps;
  return [
    route({
      method: 'GET',
      path: '/_local/faults',
      summary: '故障开关 (the fault switches)',
      run: () => world.faults.list(),
    }),
    route({
      method: 'PUT',
      path: '/_local/faults',
      summary: '设置故障开关 (set the fault switches)',
      body: z.array(FAULT),
      run: ({ body }) => {
        checkFaults(body as Fault[], services);
        world.faults.set(body as Fault[]);
        return world.faults.list();
      },
    }),
    route({
      method: 'POST',
      path: '/_local/merchant',
      summary:
        '更换配置中的商户证书、商户号或支付链路 (change the merchant’s keys, number or link in the configuration)',
      body: MERCHANT_BODY,
      run: ({ body: { to } }) => {
        const merchant = MERCHANT_CHANGES[to](wechat);
        const link = LINKS.find((each) => each === to);
        reconfigure(merchant, link);
        return { mchid: merchant.mchid, serialNo: merchant.serialNo };
      },
    }),
    route({
      method: 'POST',
      path: '/_local/reset',
      summary: '清空世界 (empty the world)',
      run: () => emptyWorld(deps),
    }),
  ];
}

function insightRoutes(deps: ControlDeps): Route[] {
  const { world, runner, wechat, cloudbase, envId, appid, notifyUrl } = deps;
  return [
    route({
      method: 'GET',
      path: '/_local/world',
      summary: '商户、密钥编号、函数与触发器 (merchant, keys, functions and triggers)',
      run: () => {
        const merchant = wechat.merchant();
        const { mchid, serialNo, publicKeyId, publicKeyPem } = merchant;
        const { platformSerial, platformCertificatePem } = merchant;
        const keys = { publicKeyId, publicKeyPem, platformSerial, platformCertificatePem };
        const functions = runner
          .functions()
          .map(({ name, timers, routes }) => ({ name, timers, routes }));
        const deploy = deps.deployState();
        return { envId, appid, mchid, serialNo, notifyUrl, ...keys, functions, deploy };
      },
    }),
    route({
      method: 'GET',
      path: '/_local/orders',
      summary: '数据库中的订单，最新在前 (our orders as they are stored, newest first)',
      run: ({ query }) => storedOrders(cloudbase, Number(query.get('limit') ?? 10_000)),
    }),
    route({
      method: 'GET',
      path: '/_local/instances',
      summary: '函数进程 (the processes of functions)',
      run: () => runner.instances(),
    }),
    route({
      method: 'GET',
      path: '/_local/events',
      summary:
        '事件流 SSE；Accept: application/json 时为列表 (the timeline, streamed or as a list)',
      run: ({ query, request }) => {
        const afterId = Number(query.get('after') ?? request.headers.get('last-event-id') ?? 0);
        const wantsList = (request.headers.get('accept') ?? '').includes('application/json');
        if (wantsList) return world.timeline.recent(afterId);
        return eventStream(world.timeline, afterId, request.signal);
      },
    }),
  ];
}

function notFound(field: string): never {
  throw new RefusalError(404, 'NOT_FOUND', `没有这个 ${field} (there is none)`, field);
}
