import type { Runner } from './runner/runner.ts';
import type { CallFunction } from './wechatpay/cloudPay/callback.ts';
import type { Deliver } from './wechatpay/notifications/notice.ts';

/** Notifications of WeChat Pay go to these destinations only: nothing leaves the machine. */
export interface Destinations {
  runner: Runner;
  /** The host of the addresses that are ours. */
  host: string;
  envId: string;
}

/** Posts a notification to the address that the order names, if it is ours. */
export function createDeliver({ runner, host }: Destinations): Deliver {
  return async ({ url: to, headers, body }) => {
    if (new URL(to).host !== host) return 'unreachable';
    const answer = await runner.handle(new Request(to, { method: 'POST', headers, body }));
    return answer ? { status: answer.status, body: await answer.text() } : 'unreachable';
  };
}

/**
 * Calls the function of an order of CloudPay, as the platform does, with the payer as its caller.
 * An environment's short name is unreachable: such an order is paid without a callback.
 */
export function createCallFunction({ runner, envId: ours }: Destinations): CallFunction {
  return async ({ functionName, envId, openid, event }) => {
    if (envId !== ours) return 'unreachable';
    const invoker = { kind: 'other', source: 'wx_paycallback', openid } as const;
    const { result, error } = await runner.invoke(functionName, event, invoker);
    if (error?.code === 'FUNCTION_NOT_FOUND') return 'unreachable';
    return error ? 'error' : { result };
  };
}
