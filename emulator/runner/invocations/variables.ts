import type { Invoker } from '../invocation.ts';
import type { PlatformSwitches } from './switches.ts';
import type { Tokens } from './tokens.ts';

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

/** They are empty in a call that has none of them, where `emptyVariables` is on. */
const OF_CALLERS = [
  'WX_CLIENTIP',
  'WX_CLIENTIPV6',
  'WX_APPID',
  'WX_OPENID',
  'WX_API_TOKEN',
  'WX_TRIGGER_API_TOKEN_V0',
  'TRIGGER_SRC',
  'TCB_SESSIONTOKEN',
  'TCB_SOURCE',
] as const;

/** These traits differ between the ways a function is started. */
interface Traits {
  openid?: string | undefined;
  /** The AppID comes without a user. */
  hasAppid?: boolean;
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
  const switches = platform.tokens.switches();
  const { openid, hasAppid, source, trigger, token } = traitsOf(invoker, switches);
  const { secretId, secretKey, token: sessionToken } = platform.credentials;
  const absent = switches.emptyVariables ? OF_CALLERS.map((name) => [name, ''] as const) : [];
  return {
    ...Object.fromEntries(absent),
    SCF_NAMESPACE: platform.envId,
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
    TENCENTCLOUD_SESSIONTOKEN: sessionToken,
    ...withKeyList({
      ...(openid !== undefined && callerVariables(openid, platform.appid)),
      ...(hasAppid && { WX_APPID: platform.appid }),
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

/** A timer that WeChat DevTools uploaded has these traits; no other timer gets a token. */
const DEVTOOLS_TIMERS: Readonly<Record<PlatformSwitches['devtoolsTrigger'], Traits>> = {
  tcb: { source: 'wx_trigger', trigger: 'tcb', token: 'WX_API_TOKEN', hasAppid: true },
  timer: { source: 'wx_trigger', trigger: 'timer', token: 'WX_TRIGGER_API_TOKEN_V0' },
};

function traitsOf(invoker: Invoker, switches: PlatformSwitches): Traits {
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
    case 'api':
      return apiTraits(switches);
    case 'timer':
      return invoker.set === 'devtools'
        ? DEVTOOLS_TIMERS[switches.devtoolsTrigger]
        : { trigger: 'timer' };
    case 'other':
      return otherTraits(invoker, switches);
  }
}

/** Who calls by an API Key has no openid; which source it has is documented nowhere. */
function apiTraits({ httpApiSource }: PlatformSwitches): Traits {
  return httpApiSource === 'none' ? {} : { source: httpApiSource, trigger: 'tcb' };
}

function otherTraits(
  { source, openid }: { source: string; openid?: string },
  { devtoolsTrigger, callbackTokens, serverApiTokens }: PlatformSwitches,
): Traits {
  if (source === 'wx_trigger') return DEVTOOLS_TIMERS[devtoolsTrigger];
  const isGivenOne =
    (callbackTokens && source === 'wx_paycallback') || (serverApiTokens && source === 'wx_http');
  return {
    openid,
    source,
    trigger: 'tcb',
    ...(source === 'wx_http' && { hasAppid: true }),
    ...(isGivenOne && { token: 'WX_API_TOKEN' }),
  };
}

function callerVariables(openid: string, appid: string): Record<string, string> {
  return { WX_CLIENTIP: '127.0.0.1', WX_CLIENTIPV6: '', WX_APPID: appid, WX_OPENID: openid };
}

function withKeyList(variables: Record<string, string>): Record<string, string> {
  const names = Object.keys(variables);
  return names.length === 0 ? {} : { ...variables, WX_CONTEXT_KEYS: names.join(',') };
}
