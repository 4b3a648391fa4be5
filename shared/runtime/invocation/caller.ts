import type { Caller } from '../../contract/callers.ts';

/** The source of a cloud pay callback, exactly: a relayed one (`wx_paycallback,scf`) is none. */
const CALLBACK_SOURCE = 'wx_paycallback';

/**
 * The source of a timer that WeChat DevTools uploaded, exactly: what such a function calls in its turn is
 * no timer. Source: timer logs.
 */
const TIMER_SOURCE = 'wx_trigger';

/** Sources that a mini program's own calls have. Source: Cloud.getWXContext. */
const CLIENT_SOURCES = ['wx_client', 'wx_devtools', 'wx_localdebug'];

/**
 * Finds out who calls, from the variables of this very call. A chain such as `wx_client,scf` is still its
 * client's call: a function in between only relays it. A timer has no user; one of SCF has `TRIGGER_SRC`
 * `timer`, one of WeChat its source, beside `timer` or `tcb`.
 */
export function callerOf(
  variables: Readonly<Record<string, string>>,
  adminOpenids: readonly string[],
): Caller {
  const { WX_OPENID: openid, TCB_SOURCE: chain, TRIGGER_SRC: trigger } = variables;
  const source = chain ?? trigger ?? '';
  // It names the payer, who did not call.
  if (chain === CALLBACK_SOURCE) return { kind: 'wechat', source };
  if (openid !== undefined) {
    const started = CLIENT_SOURCES.includes((chain ?? '').split(',')[0] ?? '');
    if (!started) return { kind: 'other', source };
    return { kind: adminOpenids.includes(openid) ? 'admin' : 'user', openid, source };
  }
  if (trigger === 'timer' || chain === TIMER_SOURCE) return { kind: 'timer', source };
  // Neither WeChat nor a function: the HTTP access route, authenticated by signature alone. Its source is
  // not documented, so every other one means it.
  return { kind: chain?.split(',').some(isInternal) ? 'other' : 'http', source };
}

/** Tells WeChat's side (`wx_…`) and other functions (`scf`) from all other sources. Source: Cloud.getWXContext. */
function isInternal(source: string): boolean {
  return source.startsWith('wx_') || source === 'scf';
}

/**
 * Tells whether this very call has the platform's token for cloud pay, where the SDK looks for it: calls
 * that a mini program or WeChat's server API starts have one, and timers uploaded by WeChat DevTools, in
 * either variable. Source: @cloudbase/node-sdk, `getWxCloudToken`.
 */
export function hasPayToken(variables: Readonly<Record<string, string>>): boolean {
  const { TRIGGER_SRC: trigger, WX_API_TOKEN: token, WX_TRIGGER_API_TOKEN_V0: timers } = variables;
  return token !== undefined || (trigger === 'timer' && timers !== undefined);
}
