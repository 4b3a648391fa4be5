import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCloud } from '../../emulator/main.ts';
import { PAY_TOKEN_PREFIX } from '../../emulator/runner/invocations/tokens.ts';
import type { Link } from '../../shared/domain/limits.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import {
  type Canary,
  commonCanaries,
  merchantCanaries,
  placeOf,
  type Trace,
  traceOf,
} from './canaries.ts';
import { type Answer, isCallback, type Stage, type StoredOrder, type Truth } from './stage.ts';

const DAY_MS = 24 * 3_600_000;
const NINE_IN_BEIJING_MS = 3_600_000;

/** A stored order as the database holds it. */
interface Stored {
  _id: string;
  state: string;
  version: number;
  checkAt?: string;
  order: {
    kind: 'order' | 'orphan';
    request?: string;
    quarantine?: unknown;
    events?: { type: string }[];
    status?: { receipt?: { confirmedBy: string } };
    refunds?: { outRefundNo: string; status: { state: string } }[];
  };
}

/**
 * The stage over the wire: functions in child processes, the real SDK, HTTP all the way. `meanwhile` goes
 * on beside the scenarios until the stage is closed; `settings` are more of the local cloud's own.
 */
export async function openOverTheWire(
  meanwhile: (cloud: LocalCloud) => () => Promise<void> = () => async () => {},
  link: Link = 'apiV3',
  settings: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const cloud = await openLocalCloud({
    WXPAY_LINK: link,
    // On cloud pay the timer is one that WeChat DevTools uploaded.
    LOCAL_DEVTOOLS_TIMERS: link === 'cloudPay' ? '1' : '',
    WXPAY_CLOSE_MIN_AGE: 'PT5M',
    WXPAY_ADMIN_OPENIDS: 'oAdmin',
    // The second lock off: what the functions themselves refuse is shown here.
    LOCAL_FUNCTION_RULES: 'off',
    // The harder reading: nothing shows that a connection is dead until something is sent on it.
    LOCAL_DEAD_CONNECTIONS: 'reset',
    ...settings,
  });
  const stop = meanwhile(cloud);
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${text}`);
    return (answer.status === 404 ? undefined : JSON.parse(text)) as T;
  };
  const documents = () => ask<Stored[]>('GET', 'documents/orders?limit=10000');
  const now = async () => new Date((await ask<{ now: string }>('GET', 'clock')).now);
  /** Real time counts in the clock of a cloud: without this each run had its own second, and its own day's end. */
  const startInTheMorning = async () =>
    ask('POST', 'clock', { to: nextMorning(await now()), timers: 'none' });
  let traces: Trace[] = [];
  const canaries = new Map<string, Canary>();
  const know = (more: readonly Canary[]) => {
    for (const canary of more) canaries.set(canary.value, canary);
  };
  know([...commonCanaries, ...cloudCanaries(cloud), ...merchantCanaries(cloud.wechat.merchant())]);
  const post = async (path: string, headers: Record<string, string>, body: string) => {
    const answer = await fetch(`${cloud.url}${path}`, { method: 'POST', headers, body });
    traces.push({ place: 'stranger', text: await answer.text() });
    return answer.status;
  };
  const stage: Stage = {
    link,
    fundFlow: link === 'cloudPay' ? 'CLOUDPAY_NO_FUNDFLOW' : 0,
    databaseOperations: [
      'cloudbase.insertDocument',
      'cloudbase.getDocument',
      'cloudbase.modifyDocument',
    ],
    now,
    documents: async () => (await documents()).length,
    call: async (name, data, as = {}) => {
      const outcome = await ask<Outcome>('POST', 'call', { name, data, ...as });
      const { result, error, log } = outcome;
      traces.push(...log.map((text): Trace => ({ place: 'log', text })));
      traces.push(traceOf(placeOf(name, as, result?.errCode), result), traceOf('error', error));
      if (!outcome.result) throw new Error(`${name}: ${JSON.stringify(outcome)}`);
      return outcome.result;
    },
    cashier: async (prepayId, action = 'pay') =>
      (await ask<{ errMsg: string }>('POST', `cashier/${prepayId}`, { action })).errMsg,
    truth: (no) => ask<Truth | undefined>('GET', `wechatpay/orders/${encodeURIComponent(no)}`),
    stored: async (no) => {
      const all = await documents();
      const orphan = no.startsWith('orphan of');
      const found = all.find(({ _id, order }) => (orphan ? order.kind === 'orphan' : _id === no));
      return found && storedOrderOf(found);
    },
    advance: (advance, timers = 'last') => ask('POST', 'clock', { advance, timers }),
    faults: (faults) => ask('PUT', 'faults', faults),
    notify: (headers, body) => post('/pay/notify', headers, body),
    traces: async () => {
      const entries = await ask<Entry[]>('GET', 'events');
      const lines = entries.flatMap(({ detail }) => detail?.log ?? []);
      return [
        ...traces,
        ...lines.map((text): Trace => ({ place: 'log', text })),
        ...entries.map((one) => traceOf('timeline', one)),
        ...(await documents()).map((one) => traceOf('document', one)),
      ];
    },
    canaries: () => [...canaries.values()],
    sent: () => ask('GET', 'wechatpay/notifications'),
    again: async (sent) => {
      if (!isCallback(sent)) return post(new URL(sent.url).pathname, sent.headers, sent.body);
      const { functionName: name, event: data, openid } = sent;
      const as = { name, data, openid, source: 'wx_paycallback' };
      const { result } = await ask<{ result?: { errcode: number } }>('POST', 'call', as);
      traces.push(traceOf('stranger', result));
      return result?.errcode === 0 ? 200 : (result?.errcode ?? 500);
    },
    platform: (to) => ask('PUT', 'platform', to),
    placeAndDie: async (data, as) => {
      await stage.faults([{ at: 'wechatpay.jsapi', kind: 'slow', delayMs: 60_000, times: 1 }]);
      const dying = stage.call('unifiedOrder', data, as).catch(() => undefined);
      while ((await documents()).length === 0) await wait(5);
      for (const { name, pid, busy } of await ask<Instance[]>('GET', 'instances')) {
        if (name === 'unifiedOrder' && busy) process.kill(pid, 'SIGKILL');
      }
      await dying;
      await stage.faults([]);
    },
    reconfigure: async (to) => {
      const other = link === 'apiV3' ? 'cloudPay' : 'apiV3';
      const change = { to: to === 'other_link' ? other : to };
      const { mchid } = await ask<{ mchid: string }>('POST', 'merchant', change);
      know(merchantCanaries(cloud.wechat.merchant(mchid)));
    },
    refunds: {
      end: (no, to) => ask('POST', `refunds/${encodeURIComponent(no)}`, { to }),
      inConsole: async (outTradeNo, refundFee) => {
        const made = await ask<{ out_refund_no: string }>('POST', 'console/refunds', {
          outTradeNo,
          refundFee,
        });
        return made.out_refund_no;
      },
    },
    reset: async () => {
      await ask('POST', 'reset');
      await startInTheMorning();
      traces = [];
    },
    close: async () => {
      await stop();
      await cloud.close();
    },
  };
  return stage;
}

/** The next nine o'clock in Beijing, where a scenario inside one process starts too. */
function nextMorning(now: Date): string {
  const nine = Math.floor(now.getTime() / DAY_MS) * DAY_MS + NINE_IN_BEIJING_MS;
  return new Date(nine > now.getTime() ? nine : nine + DAY_MS).toISOString();
}

/** The end of a call through the control API. */
interface Outcome {
  log: string[];
  result?: Answer;
  error?: unknown;
}

/** An entry of the timeline; that of a function's call has the end of its log. */
interface Entry {
  detail?: { log?: string[] };
}

/** Lists the secrets of the cloud itself, which it hands to the functions. */
function cloudCanaries(cloud: LocalCloud): Canary[] {
  const { TENCENTCLOUD_SECRETKEY, TENCENTCLOUD_SESSIONTOKEN, WXPAY_SERVICE_KEY } =
    cloud.environment();
  return [
    { kind: 'key', name: 'API key', value: cloud.apiKey },
    { kind: 'key', name: 'service key', value: given(WXPAY_SERVICE_KEY) },
    { kind: 'key', name: 'secret key', value: given(TENCENTCLOUD_SECRETKEY) },
    { kind: 'token', name: 'session token', value: given(TENCENTCLOUD_SESSIONTOKEN) },
    { kind: 'token', name: 'pay token', value: PAY_TOKEN_PREFIX },
  ];
}

function given(value: string | undefined): string {
  if (!value) throw new Error('nothing to look for');
  return value;
}

interface Instance {
  name: string;
  pid: number;
  busy: boolean;
}

function storedOrderOf({ state, version, checkAt, order }: Stored): StoredOrder {
  const confirmedBy = order.status?.receipt?.confirmedBy;
  return {
    kind: order.kind,
    state,
    version,
    events: (order.events ?? []).map(({ type }) => type),
    checkAt: checkAt === undefined ? null : new Date(checkAt),
    quarantined: order.quarantine !== undefined,
    request: order.request ?? '',
    refunds: (order.refunds ?? []).map(({ outRefundNo, status: { state: of } }) => {
      return { outRefundNo, state: of };
    }),
    ...(confirmedBy === undefined ? {} : { confirmedBy }),
  };
}
