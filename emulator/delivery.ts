import type { Runner } from './runner/runner.ts';
import type { CallFunction } from './wechatpay/cloudPay/callback.ts';
import type { Deliver } from './wechatpay/notifications/notice.ts';

/** Where what WeChat Pay has to say may go: nothing leaves the machine. */
export interface Destinations {
  runner: Runner;
  /** Of the addresses that are ours. */
  host: string;
  envId: string;
}

/** Brings a notice to the address that WeChat was told, if it is ours. */
export function createDeliver({ runner, host }: Destinations): Deliver {
  return async ({ url: to, headers, body }) => {
    if (new URL(to).host !== host) return 'unreachable';
    const answer = await runner.http(new Request(to, { method: 'POST', headers, body }));
    return answer ? { status: answer.status, body: await answer.text() } : 'unreachable';
  };
}

/**
 * Calls the function of an order of CloudPay, as the platform does, with the payer as its caller. An
 * environment's short name finds nobody: such an order is paid and never told.
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
