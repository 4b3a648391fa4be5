import type { Invoker } from '../invocation.ts';
import type { TokenSwitches, Tokens } from './tokens.ts';

/** The platform knows this when it starts an invocation. */
export interface VariableDeps {
  envId: string;
  appid: string;
  credentials: { secretId: string; secretKey: string; token: string };
  /** Trace id of this invocation. */
  seqId: string;
  /** Gives a token for cloud calls (`wxCloudApiToken`) where the platform does. */
  tokens: Pick<Tokens, 'give' | 'switches'>;
}

/** The names are always the same, set or not: the SDK then finds a stale value in `process.env`. */
const TCB_CONTEXT_KEYS =
  'TCB_ENV,TCB_SEQID,TRIGGER_SRC,TCB_ISANONYMOUS_USER,TCB_SESSIONTOKEN,TCB_SOURCE';

/** These traits differ between the ways a function is started. */
interface Traits {
  openid?: string | undefined;
  source?: string;
  trigger?: 'tcb' | 'timer';
  token?: 'WX_API_TOKEN' | 'WX_TRIGGER_API_TOKEN_V0';
}

/**
 * Lists the platform variables of one invocation, those of its caller among them. What a way of
 * starting does not have is absent: an HTTP route and an SCF timer have no `WX_…` keys and no
 * source. `WX_CONTEXT_KEYS` and `TCB_CONTEXT_KEYS` list the names.
 */
export function variablesOf(invoker: Invoker, platform: VariableDeps): Record<string, string> {
  const { openid, source, trigger, token } = traitsOf(invoker, platform.tokens.switches());
  const { secretId, secretKey, token: sessionToken } = platform.credentials;
  return {
    SCF_NAMESPACE: platform.envId,
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
    TENCENTCLOUD_SESSIONTOKEN: sessionToken,
    ...withKeyList({
      ...(openid !== undefined && callerVariables(openid, platform.appid)),
      ...(token !== undefined && { [token]: platform.tokens.give(openid) }),
    }),
    TCB_ENV: platform.envId,
    TCB_SEQID: platform.seqId,
    ...(trigger !== undefined && { TRIGGER_SRC: trigger }),
    ...(openid !== undefined && { TCB_ISANONYMOUS_USER: 'false', TCB_SESSIONTOKEN: '' }),
    ...(source !== undefined && { TCB_SOURCE: source }),
    TCB_CONTEXT_KEYS,
  };
}

/** A timer that WeChat DevTools uploaded has these traits; only such a timer gets a token. */
const DEVTOOLS_TIMER: Traits = {
  source: 'wx_trigger',
  trigger: 'timer',
  token: 'WX_TRIGGER_API_TOKEN_V0',
};

function traitsOf(invoker: Invoker, { devtoolsTimers, callbackTokens }: TokenSwitches): Traits {
  switch (invoker.kind) {
    case 'client':
      return {
        openid: invoker.openid,
        source: invoker.source,
        trigger: 'tcb',
        token: 'WX_API_TOKEN',
      };
    case 'function':
      return { openid: invoker.openid, source: invoker.chain, trigger: 'tcb' };
    case 'http':
      return {};
    case 'timer':
      return devtoolsTimers ? DEVTOOLS_TIMER : { trigger: 'timer' };
    case 'other':
      if (invoker.source === 'wx_trigger') return DEVTOOLS_TIMER;
      return {
        openid: invoker.openid,
        source: invoker.source,
        trigger: 'tcb',
        ...(callbackTokens && invoker.source === 'wx_paycallback' && { token: 'WX_API_TOKEN' }),
      };
  }
}

function callerVariables(openid: string, appid: string): Record<string, string> {
  return { WX_CLIENTIP: '127.0.0.1', WX_CLIENTIPV6: '', WX_APPID: appid, WX_OPENID: openid };
}

function withKeyList(variables: Record<string, string>): Record<string, string> {
  const names = Object.keys(variables);
  return names.length === 0 ? {} : { ...variables, WX_CONTEXT_KEYS: names.join(',') };
}
