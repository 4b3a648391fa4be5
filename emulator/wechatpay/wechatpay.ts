import type { SavedParts, Service } from '../world/service.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import type { Callback, CallFunction } from './cloudPay/callback.ts';
import {
  type CloudPayHandler,
  type CloudPayHandlerDeps,
  createCloudPayHandler,
} from './cloudPay/handler.ts';
import { faultPlacesOf } from './faults.ts';
import { createHandler } from './handler.ts';
import type { Merchant } from './keys/keyRing.ts';
import type { Platform, PlatformSwitch } from './keys/platformKeys.ts';
import { type MerchantFacts, merchantFacts } from './merchantFacts.ts';
import type { Deliver, Notice } from './notifications/notice.ts';
import { contentOfMessage, createNotifier, type Notifier } from './notifications/notifier.ts';
import { type CashierAction, createCashier, type Payer } from './orders/cashier.ts';
import type { CashierAnswer } from './orders/cashierAnswers.ts';
import { createRefundControls, type RefundControls } from './refunds/controls.ts';
import { openRefundLifecycle } from './refunds/lifecycle.ts';
import { createRoutes, providerAppid } from './routes.ts';
import { openState, type State } from './state.ts';
import { createSteering, type Steering } from './steering.ts';
import { orderTruth } from './truth.ts';
import { USUAL_WECHAT_SWITCHES, type WeChatSwitches } from './wire/switches.ts';

/** Says how the simulated WeChat Pay is set up. */
export interface WeChatPayOptions {
  mchid: string;
  appid: string;
  deliver: Deliver;
  /**
   * The address in the merchant console, for refunds that have none of their own; left out: nobody.
   */
  refundNotifyUrl?: string;
  /** Brings CloudPay's callbacks to a cloud function; left out: there is none. */
  callFunction?: CallFunction;
  /**
   * Amounts of the old sandbox that behave by themselves (1.30 to 1.34 yuan); off unless asked for.
   */
  magicAmounts?: boolean;
  latencyMs?: number;
  ratePerSecond?: number;
  /** How it behaves at first where sources differ. */
  switches?: Partial<WeChatSwitches>;
}

/** A WeChat Pay that obeys us: one ledger of orders behind two links, APIv3 and CloudPay. */
export interface WeChatPay extends RefundControls, Steering, Service {
  /** Checks whether a request is one to `/v3/…`. */
  owns(request: HttpRequest): boolean;
  /** Serves `/v3/…`; throws `ConnectionReset` where a fault swallows a message. */
  handle(request: HttpRequest): Promise<Response>;
  /** Serves CloudPay (云支付), which CloudBase passes on for a function that holds a token. */
  cloudPay: CloudPayHandler;
  /** Acts as the payer after `wx.requestPayment`. */
  cashier(prepayId: string, action: CashierAction, payer?: Payer): CashierAnswer;
  /**
   * Answers an order as WeChat has it, in the field names of APIv3, with the log of its
   * notifications.
   */
  truth(outTradeNo: string): Record<string, unknown> | undefined;
  /** Changes which keys WeChat signs with, in the middle of traffic. */
  switchPlatform(to: PlatformSwitch): Platform & { certificates: string[] };
  /** Changes the switches that are named; answers all. */
  switches(change?: Partial<WeChatSwitches>): WeChatSwitches;
  /** Lists the newest orders, each as {@link WeChatPay.truth} answers it. */
  orders(limit?: number): Record<string, unknown>[];
  /**
   * Lists the last notices, byte for byte, and callbacks of CloudPay; those that a fault swallowed
   * too.
   */
  notices(): readonly (Notice | Callback)[];
  /** Lists those of them that are posted to an address. */
  posted(): readonly Notice[];
  merchant(mchid?: string): MerchantFacts;
  /** Lists every merchant that it knows. */
  merchants(): MerchantFacts[];
  addMerchant(mchid: string): MerchantFacts;
  /** Registers a sub-merchant (特约商户) under a provider; the keys are the provider's. */
  addSubMerchant(spMchid: string, mchid: string): MerchantFacts;
  /** Gives a merchant a new certificate; the old one stays valid. */
  rotateMerchantKey(mchid: string): MerchantFacts;
  /**
   * Forgets orders, refunds, bills, notices and what is planned of them; keys stay, WeChat's own as
   * they were at first.
   */
  reset(): void;
}

/** Opens the simulated WeChat Pay where an earlier run left it. */
export function createWeChatPay(shared: World, options: WeChatPayOptions): WeChatPay {
  const { magicAmounts = false } = options;
  const current = createSwitches(options.switches);
  const world = worldAt(shared, () => current.change().clockAheadMs);
  const state = openState(world, options.mchid);
  const { keys, orders, refunds } = state;
  const notifier = createNotifier({ world, keys, orders, refunds, ...destinationsOf(options) });
  const announce = notifier.announceRefund;
  const lifecycle = openRefundLifecycle({ world, orders, refunds, announce });
  const cashier = createCashier({ world, orders, announce: notifier.announce, magicAmounts });
  return {
    ...handlersOf({ ...state, world, lifecycle, switches: current.change }, options),
    ...createRefundControls({ world, orders, refunds, lifecycle }),
    ...createSteering({ world, orders, refunds, cashier, notifier }),
    ...viewsOf(state, notifier),
    ...merchantsOf(state, options),
    cashier: cashier.act,
    saved: savedParts(state, notifier),
    switches: current.change,
    switchPlatform: (to) => {
      keys.switchPlatform(to);
      return { ...keys.platform(), certificates: keys.certificates().map(({ serial }) => serial) };
    },
    reset: () => {
      state.clear();
      notifier.forget();
      current.reset();
    },
  };
}

function savedParts(state: State, notifier: Notifier): SavedParts {
  return {
    name: 'wechatpay',
    tables: {
      wechatpay_bills: 'replaced',
      wechatpay_keys: 'replaced',
      wechatpay_orders: 'replaced',
      wechatpay_prepays: 'replaced',
      wechatpay_refunds: 'replaced',
    },
    memory: notifier.memory,
    reopen: (memory) => {
      state.reload();
      notifier.remember(memory);
    },
  };
}

function createSwitches(first: Partial<WeChatSwitches> = {}) {
  const begun = { ...USUAL_WECHAT_SWITCHES, ...first };
  let now = begun;
  return {
    change: (change: Partial<WeChatSwitches> = {}): WeChatSwitches => {
      now = { ...now, ...change };
      return now;
    },
    reset: () => {
      now = begun;
    },
  };
}

/** Sees the world by a clock of its own; what it plans happens when that clock says so. */
function worldAt(world: World, aheadMs: () => number): World {
  const { clock, agenda } = world;
  const nowMs = () => clock.nowMs() + aheadMs();
  return {
    ...world,
    clock: {
      ...clock,
      nowMs,
      now: () => new Date(nowMs()),
      offsetMs: () => clock.offsetMs() + aheadMs(),
    },
    agenda: { ...agenda, plan: (item) => agenda.plan({ ...item, atMs: item.atMs - aheadMs() }) },
  };
}

/** Says how the notifier reaches a merchant; nobody by a way that was left out. */
function destinationsOf({ deliver, callFunction, refundNotifyUrl }: WeChatPayOptions) {
  return { deliver, callFunction: callFunction ?? (async () => 'unreachable'), refundNotifyUrl };
}

type HandledDeps = State & Pick<CloudPayHandlerDeps, 'world' | 'lifecycle' | 'switches'>;

function handlersOf(
  handled: HandledDeps,
  options: WeChatPayOptions,
): Pick<WeChatPay, 'owns' | 'handle' | 'cloudPay' | 'faultPlaces'> {
  const { appid, mchid, latencyMs = 0, ratePerSecond } = options;
  const deps = { ...handled, appid, latencyMs, ratePerSecond };
  const routes = createRoutes(deps);
  return {
    owns: (request) => new URL(request.url).pathname.startsWith('/v3/'),
    handle: createHandler({ ...deps, routes }),
    faultPlaces: faultPlacesOf(routes.map(({ operation }) => operation)),
    cloudPay: createCloudPayHandler({ ...deps, mchid }),
  };
}

function viewsOf(
  { orders, refunds }: State,
  { messages }: Notifier,
): Pick<WeChatPay, 'truth' | 'orders' | 'notices' | 'posted'> {
  return {
    truth: (outTradeNo) => {
      const order = orders.findAny(outTradeNo);
      return order && orderTruth(order, refunds);
    },
    orders: (limit = 100) => orders.recent(limit).map((order) => orderTruth(order, refunds)),
    notices: () => messages().map(contentOfMessage),
    posted: () =>
      messages().flatMap((message) => (message.kind === 'posted' ? [message.notice] : [])),
  };
}

function merchantsOf(
  { keys }: State,
  { mchid: ours, appid }: WeChatPayOptions,
): Pick<
  WeChatPay,
  'merchant' | 'merchants' | 'addMerchant' | 'addSubMerchant' | 'rotateMerchantKey'
> {
  const facts = (merchant: Merchant) => merchantFacts(keys, merchant, appid);
  return {
    merchant: (mchid = ours) => facts(keys.addMerchant(mchid)),
    merchants: () => keys.merchants().map(facts),
    addMerchant: (mchid) => facts(keys.addMerchant(mchid)),
    addSubMerchant: (spMchid, mchid) => ({
      ...facts(keys.addSubMerchant(spMchid, mchid)),
      mchid,
      provider: { mchid: spMchid, appid: providerAppid(spMchid) },
    }),
    rotateMerchantKey: (mchid) => facts(keys.rotate(mchid)),
  };
}
