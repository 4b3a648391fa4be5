import { randomBytes } from 'node:crypto';
import type { Invoker } from '../../emulator/runner/invocation.ts';
import { eventFor, timerEvent } from '../../emulator/runner/invocations/event.ts';
import { firingSets, USUAL_SWITCHES } from '../../emulator/runner/invocations/switches.ts';
import { variablesOf } from '../../emulator/runner/invocations/variables.ts';
import { createWeChatPay } from '../../emulator/wechatpay/wechatpay.ts';
import {
  USUAL_WECHAT_SWITCHES,
  type WeChatSwitches,
} from '../../emulator/wechatpay/wire/switches.ts';
import { openWorld } from '../../emulator/world/world.ts';
import { createChannels } from '../../shared/channel/channels.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { durationMs } from '../../shared/contract/duration.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import type { Link } from '../../shared/domain/limits.ts';
import { ORDER_LIMITS } from '../../shared/domain/limits.ts';
import { createUnsignedNoticeParser } from '../../shared/gateway/apiV2/refundNotice.ts';
import { createApiV3 } from '../../shared/gateway/apiV3/client.ts';
import { createHosts } from '../../shared/gateway/apiV3/hosts.ts';
import { createKeys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import { createPlatformKeys } from '../../shared/gateway/apiV3/platformKeys.ts';
import { createClaimParser } from '../../shared/gateway/cloudPay/claims.ts';
import { createCloudPay } from '../../shared/gateway/cloudPay/client.ts';
import type { AskPrice } from '../../shared/ports/merchant.ts';
import type { Transport } from '../../shared/ports/transport.ts';
import { hasPayToken } from '../../shared/runtime/invocation/caller.ts';
import {
  type EndpointDeps,
  type Main,
  pipeline,
  type UseCase,
} from '../../shared/runtime/invocation/pipeline.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { createMemoryPayers } from '../../shared/store/payers/memoryPayers.ts';
import { downloadBill } from '../../shared/usecases/bill/downloadBill.ts';
import { decideOrder } from '../../shared/usecases/decision/decideOrder.ts';
import { listAttention } from '../../shared/usecases/decision/listAttention.ts';
import { deliverEvents } from '../../shared/usecases/event/deliverEvents.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';
import { receiveRefundNotification } from '../../shared/usecases/notice/receiveRefundNotification.ts';
import { closeOrder } from '../../shared/usecases/order/closeOrder.ts';
import { queryOrder } from '../../shared/usecases/order/queryOrder.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';
import { queryRefund } from '../../shared/usecases/refund/queryRefund.ts';
import { refundOrder } from '../../shared/usecases/refund/refundOrder.ts';
import { closeStaleOrders } from '../../shared/usecases/timer/closeStaleOrders.ts';
import { bundledDeps } from '../support/bundledDeps.ts';
import { dealtKeys } from '../support/dealtKeys.ts';
import { inProcessTransport } from '../support/inProcess.ts';
import { aMerchant, memoryDisabledChannels, noQuotes } from '../support/useCases.ts';
import {
  type Canary,
  commonCanaries,
  merchantCanaries,
  PAY_TOKEN,
  placeOf,
  platformCanaries,
  platformCredentials,
  secretCanaries,
  type Trace,
  traceOf,
} from './canaries.ts';
import { createLifetimes } from './lifetimes.ts';
import { createCalls, eventsKeys, type Fulfil, withFault } from './merchantCalls.ts';
import { merchantsOf, subMerchantsOf, wiringOf } from './merchants.ts';
import {
  type Answer,
  type As,
  isCallback,
  type Shop,
  type Stage,
  type StoredOrder,
  type Switches,
  type Truth,
} from './stage.ts';

const SERVICE_KEY = 'in-process-service-key-0123456789abcdef';
const START_KEY = 'in-process-start-of-deliveries-0123456789';
const NOTIFY_URL = 'https://in-process.ap-shanghai.app.tcloudbase.com/pay/notify';
const REFUND_NOTIFY_URL = 'https://in-process.ap-shanghai.app.tcloudbase.com/refund/notify';
const API_URL = 'https://api.mch.weixin.qq.com';
const ENV_ID = 'in-process';
const APPID = 'wx0000000000000001';
const CLIENT_SOURCES = ['wx_client', 'wx_devtools'];
const MINUTE_MS = 60_000;
/** How each merchant's request for a fund-flow bill is answered. */
const FUND_FLOW = {
  publicKey: 0,
  certificate: 0,
  cloudPay: 'CLOUDPAY_NO_FUNDFLOW',
  provider: 'PROVIDER_NO_FUNDFLOW',
} as const;
/** How long an answer of the database and one of WeChat take, on the clock of their invocation. */
const DATABASE_MS = 30;
const WECHAT_MS = 200;
/** The time-out of a function, that of deliveries, and how long WeChat waits for the answer to a callback. */
const FUNCTION_MS = 20_000;
const DELIVERIES_MS = 55_000;
const CALLBACK_MS = 5000;
/** A morning in Beijing, so that a scenario's minutes stay within one day. */
const START_MS = Date.parse('2026-11-24T01:00:00Z');

/** Stands for the answer of a function that was killed. */
const killed: Answer = { errCode: 'FUNCTION_KILLED', errMsg: 'the process is gone' };

const useCases = {
  unifiedOrder: placeOrder,
  queryOrder,
  closeOrder,
  refund: refundOrder,
  queryRefund,
  decideOrder,
  listAttention,
  downloadBill,
  payCallback: receiveNotification,
  refundCallback: receiveRefundNotification,
  closeStaleOrders,
  deliverEvents,
} as unknown as Record<string, UseCase<unknown>>;

/** How the platform behaves where sources differ, and when a timer fires. */
export interface InProcessReading extends Partial<Switches> {
  /** How long after the beginning of an advance the first timer fires; the others each minute after it. */
  firstTimerMs?: number;
}

/**
 * A stage inside this process: the real pipeline, use cases, links and simulated WeChat Pay. On cloud pay
 * timers have a token, as those that WeChat DevTools uploads, unless a scenario says otherwise.
 */
export async function openInProcess(
  mode: 'publicKey' | 'certificate' | 'cloudPay' | 'provider' = 'publicKey',
  { firstTimerMs = MINUTE_MS, ...reading }: InProcessReading = {},
): Promise<Stage> {
  const firstSwitches: Switches = {
    ...USUAL_SWITCHES,
    ...USUAL_WECHAT_SWITCHES,
    devtoolsTimers: mode === 'cloudPay',
    ...reading,
  };
  const firstLink: Link = mode === 'cloudPay' ? 'cloudPay' : 'apiV3';
  const world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: () => START_MS,
    // Nothing waits here, and the 5 seconds of a notification never pass.
    waitMs: (ms) => (ms < 5000 ? Promise.resolve() : new Promise(() => {})),
    randomBytes,
    chance: () => 0,
  });
  const wechat = createWeChatPay(world, {
    mchid: '1900000109',
    appid: APPID,
    switches: weChatSwitchesIn(firstSwitches),
    refundNotifyUrl: REFUND_NOTIFY_URL,
    deliver: async ({ headers, body, url }) => {
      const answer = await http(headers, body, url);
      return { status: answer.statusCode, body: answer.body };
    },
    callFunction: async ({ functionName, envId, event, openid }) => {
      if (envId !== ENV_ID) return 'unreachable';
      return { result: await callBack(functionName, event, openid) };
    },
  });
  const lifetimes = createLifetimes();
  /** The present of an invocation: the world's when it began, and what it spent since. */
  const now = () => new Date(world.clock.nowMs() + lifetimes.ms());
  const payers = createMemoryPayers();
  const store = createMemoryStore({
    disturb: async (_operation, phase) => {
      await lifetimes.unlessDead();
      if (phase === 'after') return;
      const end = lifetimes.wait();
      // Others begin meanwhile.
      await undefined;
      end(DATABASE_MS);
    },
  });
  let disabledChannels = memoryDisabledChannels();
  let fulfil: Fulfil | undefined;
  /** Lists the calls of other functions, which may go on longer than their caller lives or waits. */
  const begun = new Set<Promise<unknown>>();
  const begin = <T>(run: () => Promise<T>): Promise<T> => {
    const call = run();
    begun.add(call);
    const end = () => void begun.delete(call);
    call.then(end, end);
    return call;
  };
  const callMerchant = createCalls(lifetimes);
  const channels = createChannels(
    { keys: eventsKeys, fulfilFunction: 'fulfilOrder', isLocal: true },
    {
      callFunction: (_name, event, timeoutMs) =>
        callMerchant(() => begin(async () => fulfil?.(event as Parameters<Fulfil>[0])), timeoutMs),
      now,
    },
  );
  const callDeliverEvents = (data: object) => {
    const callee = { name: 'deliverEvents', envId: ENV_ID, appid: APPID };
    const signed = signServiceCall(callee, data, START_KEY, now().getTime());
    const run = () => invoke(callee.name, signed, { kind: 'function', chain: 'scf' });
    return begin(() => withFault(world, run));
  };
  let traces: Trace[] = [];
  const canaries = new Map<string, Canary>();
  const know = (more: readonly Canary[]) => {
    for (const canary of more) canaries.set(canary.value, canary);
  };
  know([...commonCanaries, ...platformCanaries]);
  know([{ kind: 'key', name: 'service key', value: SERVICE_KEY }]);
  let hang = false;
  const truthOf = (outTradeNo: string) => wechat.truth(outTradeNo) as Truth | undefined;
  let watching: Parameters<Shop['watch']>[0] = () => {};
  let quote: AskPrice | undefined;
  let closeMinAgeMs = 5 * MINUTE_MS;
  /** Calls WeChat; an answer that is lost takes as long as the caller waits for it. */
  const timed = async <T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> => {
    const end = lifetimes.wait();
    try {
      const answer = await ask();
      end(WECHAT_MS);
      return answer;
    } catch (error) {
      end(timeoutMs);
      throw error;
    } finally {
      watching(truthOf);
    }
  };
  const toWeChat = inProcessTransport(wechat.handle);
  const transport: Transport = (request) =>
    hang && request.url.endsWith('/jsapi')
      ? new Promise(() => {})
      : timed(request.timeoutMs, () => toWeChat(request));
  let link = firstLink;
  let switches = firstSwitches;
  let trusted: 'certificate' | 'both' | 'publicKey' = mode === 'publicKey' ? mode : 'certificate';
  const merchants = mode === 'provider' ? subMerchantsOf(wechat) : merchantsOf(wechat);
  let functions = build(merchants.first());

  function build(merchant: ReturnType<typeof wechat.merchant>): Record<string, Main> {
    know(merchantCanaries(merchant));
    const wired = wiringOf(merchant);
    const keys = createKeys({
      mchid: wired.signer,
      serialNo: merchant.serialNo,
      privateKey: merchant.privateKeyPem,
      apiV3Key: merchant.apiV3Key,
      downloads: true,
      ...(trusted === 'certificate'
        ? {}
        : { publicKey: { id: merchant.publicKeyId, pem: merchant.publicKeyPem } }),
      ...(trusted === 'publicKey' ? {} : { certificates: [merchant.platformCertificatePem] }),
    });
    const line = { keys, transport, now, randomBytes };
    const platformKeys = createPlatformKeys({ ...line, hosts: createHosts(API_URL) });
    const gateway = createApiV3({
      ...line,
      apiUrl: API_URL,
      notifyUrl: NOTIFY_URL,
      refundNotifyUrl: REFUND_NOTIFY_URL,
      ...wired.link,
    });
    const clock = {
      now,
      monotonicMs: lifetimes.ms,
      wait: async (ms: number) => {
        const end = lifetimes.wait();
        await new Promise<void>((resolve) => setImmediate(resolve));
        end(ms);
      },
    };
    const around: EndpointDeps = {
      config: { adminOpenids: ['oAdmin'], serviceKeys: [SERVICE_KEY], appid: APPID, envId: ENV_ID },
      clock,
      print: (text) => traces.push({ place: 'log', text }),
      depsOf: ({ variables }) => ({
        settings: {
          merchant: wired.merchantOn(link),
          orderTtlMs: 30 * MINUTE_MS,
          closeMinAgeMs,
          orderLimits: ORDER_LIMITS,
          priceSource: quote ? 'quote' : 'client',
        },
        store,
        payers,
        clock,
        randomBytes,
        hasPayToken: hasPayToken(variables),
        callSelf: async () => {
          throw new Error('so few orders need no worker');
        },
        callDeliverEvents: fulfil && callDeliverEvents,
        verifyNotification: createNotificationVerifier(keys, platformKeys, wired.form),
        merchant: fulfil ? channels : aMerchant,
        askPrice: quote ?? noQuotes,
        disabledChannels,
        claims: createClaimParser(),
        parseUnsignedNotice: createUnsignedNoticeParser({
          ...wired.merchantOn('apiV3'),
          apiV2Key: merchant.apiV2Key,
        }),
        gatewayOf: (of) => (of === 'apiV3' ? gateway : cloudPayOf(variables, merchant.mchid)),
      }),
    };
    const pairs = Object.entries(contracts).map(([name, contract]) => [
      name,
      pipeline(contract as never, useCases[name] as UseCase<never>, {
        ...around,
        config: {
          ...around.config,
          ...(name === 'deliverEvents' && { ownCalls: { kind: 'backend', keys: [START_KEY] } }),
        },
        depsOf: (invocation) => bundledDeps(contract, around.depsOf(invocation)),
      }),
    ]);
    return Object.fromEntries(pairs);
  }

  function cloudPayOf(variables: Readonly<Record<string, string>>, mchid: string) {
    return createCloudPay({
      send: async (apiName, request, timeoutMs) => {
        if (hang && apiName === 'unifiedOrder') return new Promise(() => {});
        const openid = variables.WX_OPENID;
        const caller = openid === undefined ? {} : { openid };
        const asked = { apiName, requestData: request.toString(), ...caller };
        const answer = await timed(timeoutMs, () => wechat.cloudPay(asked));
        if (answer.kind === 'answered') return answer.bytes;
        throw Object.assign(new Error(answer.message), { code: answer.code });
      },
      hasToken: hasPayToken(variables),
      envId: ENV_ID,
      mchid,
      randomBytes,
    });
  }

  /** Makes the context of a call as the platform does, by who calls. */
  const contextOf = (invoker: Invoker, requestId: string, remainingMs: number) => {
    const environment = variablesOf(invoker, {
      envId: ENV_ID,
      appid: APPID,
      credentials: platformCredentials,
      seqId: requestId,
      tokens: { give: () => PAY_TOKEN, switches: () => switches },
    });
    return {
      request_id: requestId,
      environment: JSON.stringify(environment),
      getRemainingTimeInMillis: () => remainingMs,
    };
  };
  async function invoke(name: string, event: unknown, invoker: Invoker): Promise<unknown> {
    const isFirst = !lifetimes.isInside();
    const answer = await world.gate.during(() =>
      lifetimes.live(async () => {
        const travelled = JSON.parse(JSON.stringify(eventFor(event, invoker, APPID)));
        const { functionMs, answerMs } = grantedTo(name);
        const answer = await functions[name]?.(
          travelled,
          contextOf(invoker, 'in-process', functionMs),
        );
        const spentMs = lifetimes.ms();
        if (spentMs > answerMs) throw new Error(`${name} took ${spentMs} of ${answerMs} ms`);
        return answer;
      }),
    );
    // Nothing goes on behind a scenario's back.
    while (isFirst && begun.size > 0) await Promise.allSettled(begun);
    return answer;
  }

  async function http(
    headers: Record<string, string>,
    body: string,
    url = NOTIFY_URL,
  ): Promise<{ statusCode: number; body: string }> {
    const name = url === REFUND_NOTIFY_URL ? 'refundCallback' : 'payCallback';
    const event = {
      httpMethod: 'POST',
      path: new URL(url).pathname,
      headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header, [value]]),
      ),
      requestContext: { requestId: 'in-process', envId: ENV_ID, appId: 1250000000, uin: 1 },
      body,
      isBase64Encoded: false,
    };
    const answer = (await invoke(name, event, { kind: 'http' })) as {
      statusCode: number;
      body: string;
    };
    traces.push(traceOf('stranger', answer));
    return answer;
  }
  async function callBack(name: string, event: Record<string, unknown>, openid: string) {
    const answer = await invoke(name, event, { kind: 'other', source: 'wx_paycallback', openid });
    traces.push(traceOf('stranger', answer));
    return answer as { errcode: number };
  }
  const runTimer = async () => {
    const trigger = 'every-minute';
    const names = fulfil ? ['closeStaleOrders', 'deliverEvents'] : ['closeStaleOrders'];
    const event = timerEvent(trigger, world.clock.nowMs());
    const firing = [...firingSets(switches)].flatMap((set) => names.map((name) => ({ set, name })));
    const fire = ({ set, name }: (typeof firing)[number]) =>
      invoke(name, event, { kind: 'timer', trigger, set });
    await Promise.all(firing.map(fire));
  };

  world.agenda.on('timer', async ({ atMs }) => {
    await runTimer();
    world.agenda.plan({ kind: 'timer', key: 'every-minute', atMs: atMs + MINUTE_MS });
  });

  return {
    link: firstLink,
    fundFlow: FUND_FLOW[mode],
    databaseOperations: [],
    now: async () => world.clock.now(),
    call: async (name, data, as = {}) => {
      const callee = { name, envId: ENV_ID, appid: APPID };
      const signed = as.service && signServiceCall(callee, data, SERVICE_KEY, world.clock.nowMs());
      const asked = invoke(name, signed ?? data, invokerOf(as));
      const answer = ((await asked) ?? killed) as Answer;
      traces.push(traceOf(placeOf(name, as, answer.errCode), answer));
      return answer;
    },
    documents: async () => store.all().length,
    traces: async () => [
      ...traces,
      ...world.timeline.recent().map((one) => traceOf('timeline', one)),
      ...[...store.raw.values()].map((one) => traceOf('document', one)),
    ],
    canaries: () => [
      ...canaries.values(),
      ...secretCanaries(store.all().map((one) => (one.kind === 'order' ? one.request : '{}'))),
    ],
    cashier: async (prepayId, action = 'pay') => {
      const { errMsg } = wechat.cashier(prepayId, action);
      watching(truthOf);
      return errMsg;
    },
    truth: async (outTradeNo) => truthOf(outTradeNo),
    shop: {
      quotes: (by, minAgeMs = 5 * MINUTE_MS) => {
        quote = by;
        closeMinAgeMs = minAgeMs;
      },
      fulfils: (by) => {
        fulfil = by;
      },
      watch: (look) => {
        watching = look;
      },
    },
    stored: async (outTradeNo) => {
      const orphans = outTradeNo.startsWith('orphan of');
      const no = orphans
        ? store.all().find(({ kind }) => kind === 'orphan')?.outTradeNo
        : outTradeNo;
      const found = no === undefined ? undefined : await store.get(no);
      return found && storedOrderOf(found);
    },
    advance: async (by, timers = 'last') => {
      const nowMs = world.clock.nowMs();
      const toMs = nowMs + (durationMs(by) ?? 0);
      world.agenda.plan({ kind: 'timer', key: 'every-minute', atMs: nowMs + firstTimerMs });
      const skip = ({ kind }: { kind: string }) => kind === 'timer' && timers !== 'all';
      await world.agenda.advance(toMs, { skip });
      world.agenda.cancel('timer', 'every-minute');
      if (timers === 'last') await runTimer();
    },
    faults: async (faults) => world.faults.set(faults as never),
    refunds: {
      end: async (outRefundNo, to) => void wechat.steerRefund(outRefundNo, to),
      inConsole: async (outTradeNo, refundFee) => {
        const made = wechat.consoleRefund(outTradeNo, refundFee);
        return String(made.out_refund_no);
      },
    },
    notify: async (headers, body) => (await http(headers, body)).statusCode,
    sent: async () => [...wechat.notices()],
    again: async (sent) => {
      if (!isCallback(sent)) return (await http(sent.headers, sent.body, sent.url)).statusCode;
      const { errcode } = await callBack(sent.functionName, sent.event, sent.openid);
      return errcode === 0 ? 200 : errcode;
    },
    platform: async (to) => {
      switches = { ...switches, ...to };
      wechat.switches(weChatSwitchesIn(switches));
    },
    placeAndDie: async (data, as) => {
      hang = true;
      void invokeAndForget(data, as);
      await new Promise((resolve) => setImmediate(resolve));
      hang = false;
    },
    reconfigure: async (to) => {
      if (to === 'new_keys') functions = build(merchants.renewed());
      if (to === 'new_number') functions = build(merchants.another());
      if (to === 'other_link') link = firstLink === 'apiV3' ? 'cloudPay' : 'apiV3';
      if (to === 'back') link = firstLink;
      if (to === 'back' || to === 'other_link') functions = build(merchants.first());
    },
    keys: {
      ours: async (to) => {
        trusted = to;
        functions = build(merchants.first());
      },
      wechats: async (to) => void wechat.switchPlatform(to),
    },
    reset: async () => {
      for (const { kind, key } of world.agenda.list()) world.agenda.cancel(kind, key);
      world.faults.set([]);
      wechat.reset();
      store.raw.clear();
      payers.raw.clear();
      world.timeline.clear();
      traces = [];
      watching = () => {};
      quote = undefined;
      fulfil = undefined;
      disabledChannels = memoryDisabledChannels();
      closeMinAgeMs = 5 * MINUTE_MS;
      link = firstLink;
      switches = firstSwitches;
      functions = build(merchants.first());
    },
    close: async () => world.data.close(),
  };

  /** The placer hangs for ever, outside of the gate: it is dead to the world. */
  function invokeAndForget(data: unknown, as: As) {
    const invoker = invokerOf(as);
    return functions.unifiedOrder?.(
      eventFor(data, invoker, APPID),
      contextOf(invoker, 'dead', 1e9),
    );
  }
}

/** How much time a function has, and within how much it has to answer. */
function grantedTo(name: string): { functionMs: number; answerMs: number } {
  const functionMs = name === 'deliverEvents' ? DELIVERIES_MS : FUNCTION_MS;
  return { functionMs, answerMs: name.endsWith('Callback') ? CALLBACK_MS : functionMs };
}

function weChatSwitchesIn({ timeExpire, answerProbes, clockAheadMs }: Switches): WeChatSwitches {
  return { timeExpire, answerProbes, clockAheadMs };
}

/** Names who starts a function, by how a scenario describes the caller. */
function invokerOf({ openid, source, service }: As): Invoker {
  const who = openid === undefined ? {} : { openid };
  const chain = source ?? (service ? 'scf' : 'wx_client');
  if (chain.split(',').includes('scf')) return { kind: 'function', chain, ...who };
  if (CLIENT_SOURCES.includes(chain) && openid !== undefined) {
    return { kind: 'client', openid, source: chain };
  }
  if (chain === 'http') return { kind: 'http' };
  if (chain === 'timer') return { kind: 'timer', trigger: 'every-minute', set: 'deployed' };
  return { kind: 'other', source: chain, ...who };
}

function storedOrderOf(
  found: Awaited<ReturnType<ReturnType<typeof createMemoryStore>['get']>>,
): StoredOrder {
  if (!found) throw new Error('nothing stored');
  const common = {
    version: found.version,
    events: found.events.map(({ type }) => type),
    deliveries: found.events.map(({ id, type, deliveries = {} }) => {
      return { id, type, state: deliveries.function?.state ?? ('unopened' as const) };
    }),
    checkAt: found.checkAt ?? null,
  };
  if (found.kind === 'orphan') {
    const ofOrphan = { state: 'orphan', quarantined: false, request: '', refunds: [] };
    return { ...common, ...ofOrphan, kind: 'orphan' };
  }
  const { status, refunds = [] } = found;
  return {
    ...common,
    refunds: refunds.map((one) => ({ outRefundNo: one.outRefundNo, state: one.status.state })),
    kind: 'order',
    state: status.state,
    quarantined: found.quarantine !== undefined,
    request: found.request,
    ...(status.state === 'paid' ? { confirmedBy: status.receipt.confirmedBy } : {}),
  };
}
