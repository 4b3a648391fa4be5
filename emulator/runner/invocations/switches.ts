import type { TimerSet } from '../invocation.ts';

/**
 * The platform behaves as these say where its documents, its SDK and what was seen of it differ or are silent:
 * each reading can be switched on.
 */
export interface PlatformSwitches {
  /** Timers fire as if WeChat DevTools had uploaded them: `wx_trigger`, with a token. */
  devtoolsTimers: boolean;
  /**
   * Their `TRIGGER_SRC`: `tcb` with `WX_API_TOKEN`, as was seen, or `timer` with
   * `WX_TRIGGER_API_TOKEN_V0`, as the SDK expects too.
   */
  devtoolsTrigger: 'tcb' | 'timer';
  /** The deployed timers fire as well, in the same minute and first: the two sets do not see each other. */
  bothTimers: boolean;
  /** Callbacks of CloudPay (`wx_paycallback`) get a token. */
  callbackTokens: boolean;
  /** Calls through WeChat's server API (`wx_http`) get a token. */
  serverApiTokens: boolean;
  /** A variable that a call does not have is an empty text, not absent. */
  emptyVariables: boolean;
  /**
   * After its answer an instance is frozen until its next event, ended as one that never gets another, or
   * runs on.
   */
  afterAnswer: 'frozen' | 'ended' | 'running';
  /**
   * The connections of a frozen instance are dead when it thaws: closed by the other side, as it can see, or
   * reset as soon as it sends something.
   */
  deadConnections: 'closed' | 'reset';
  /**
   * A function that was called by another one, which froze or ended before the answer, goes on, or the call is
   * lost and what runs of it ends.
   */
  startedCalls: 'go_on' | 'lost';
  /** The `TCB_SOURCE` of a call through CloudBase's HTTP API with an API Key. */
  httpApiSource: 'none' | 'web_client' | 'scf';
  /** The largest body that the HTTP API takes: that of an event, or that of a text. */
  httpApiBody: '6MB' | '100KB';
}

/** The cloud begins so where nothing else is said. */
export const USUAL_SWITCHES: PlatformSwitches = {
  devtoolsTimers: false,
  devtoolsTrigger: 'tcb',
  bothTimers: false,
  callbackTokens: false,
  serverApiTokens: true,
  emptyVariables: false,
  afterAnswer: 'frozen',
  deadConnections: 'closed',
  startedCalls: 'go_on',
  httpApiSource: 'none',
  httpApiBody: '6MB',
};

/** Names the sets of timers that fire, in order: those that were deployed, those that DevTools uploaded. */
export function firingSets({ devtoolsTimers, bothTimers }: PlatformSwitches): TimerSet[] {
  if (!devtoolsTimers) return ['deployed'];
  return bothTimers ? ['deployed', 'devtools'] : ['devtools'];
}
