import type { World } from '../world/world.ts';
import type { Callback, CallFunction } from './cloudPay/callback.ts';
import { type CloudPay, createCloudPay } from './cloudPay/handler.ts';
import { createDoor } from './handler.ts';
import { type KeyRing, type Merchant, openKeyRing } from './keys/keyRing.ts';
import type { Platform, PlatformSwitch } from './keys/platformKeys.ts';
import { createNotifier, type Deliver } from './notifications/notifier.ts';
import type { Notice } from './notifications/signed.ts';
import { type CashierAction, type CashierAnswer, createCashier } from './orders/cashier.ts';
import { type LedgerOrder, openLedger } from './orders/ledger.ts';
import { orderJson, rfc3339 } from './orders/wire.ts';
import { openRefundLedger, type RefundLedger, type RefundStatus } from './refunds/ledger.ts';
import { openRefundBook } from './refunds/lifecycle.ts';
import { refundControls, refundTruth } from './refunds/operations.ts';
import { providerAppid, routesOf } from './routes.ts';

export type { Callback, CallFunction } from './cloudPay/callback.ts';
export type { CloudPay } from './cloudPay/handler.ts';
export type { Deliver } from './notifications/notifier.ts';
export type { Notice } from './notifications/signed.ts';
export type { CashierAction, CashierAnswer } from './orders/cashier.ts';

/** How the simulated WeChat Pay is set up. */
export interface WeChatPayOptions {
  mchid: string;
  appid: string;
  deliver: Deliver;
  /** The address in the merchant console, for refunds that have none of their own; left out: nobody. */
  refundNotifyUrl?: string;
  /** Brings CloudPay's callbacks to a cloud function; left out: there is none. */
  callFunction?: CallFunction;
  /** Amounts of the old sandbox that behave by themselves (1.30 to 1.34 yuan); off unless asked for. */
  magicAmounts?: boolean;
  latencyMs?: number;
  ratePerSecond?: number;
}

/** What a merchant configures: its own keys or its provider's, and WeChat's in both modes. */
export interface MerchantFacts extends Platform {
  /** 服务商, where the keys are its own. */
  provider?: { mchid: string; appid: string };
  mchid: string;
  appid: string;
  apiV3Key: string;
  apiV2Key: string;
  serialNo: string;
  privateKeyPem: string;
}

/** A WeChat Pay that obeys us: one book of orders behind two links, APIv3 and CloudPay. */
export interface WeChatPay {
  /** Serves `/v3/…`; throws `ConnectionReset` where a fault swallows a message. */
  handle(request: Request): Promise<Response>;
  /** Serves CloudPay (云支付), which CloudBase passes on for a function that holds a token. */
  cloudPay: CloudPay;
  /** What the payer does after `wx.requestPayment`. */
  cashier(prepayId: string, action: CashierAction, payer?: { openid?: string }): CashierAnswer;
  /** WeChat's own truth, in the field names of APIv3, with the log of its notifications. */
  truth(outTradeNo: string): Record<string, unknown> | undefined;
  /** A refund as WeChat has it, with the log of its notifications. */
  refundTruth(outRefundNo: string): Record<string, unknown> | undefined;
  /** Moves a refund to a state that its own leads to, and has that told. */
  steerRefund(outRefundNo: string, to: RefundStatus): Record<string, unknown>;
  /** Refunds in the merchant console; notified in APIv2's XML. */
  consoleRefund(outTradeNo: string, refundFee: number): Record<string, unknown>;
  /** Changes which keys WeChat signs with, in the middle of traffic. */
  switchPlatform(to: PlatformSwitch): Platform & { certificates: string[] };
  /** The newest orders, as {@link WeChatPay.truth} tells them. */
  orders(limit?: number): Record<string, unknown>[];
  /** The last notices, byte for byte, and callbacks of CloudPay; those that a fault swallowed too. */
  notices(): readonly (Notice | Callback)[];
  /** Those of them that are posted to an address. */
  posted(): readonly Notice[];
  merchant(mchid?: string): MerchantFacts;
  addMerchant(mchid: string): MerchantFacts;
  /** Registers a sub-merchant (特约商户) under a provider; the keys are the provider's. */
  addSubMerchant(spMchid: string, mchid: string): MerchantFacts;
  /** Gives a merchant a new certificate; the old one stays valid. */
  rotateMerchantKey(mchid: string): MerchantFacts;
  /** Forgets orders, refunds, bills, notices and what is planned of them; keys stay, WeChat's own as they were at first. */
  reset(): void;
}

/** Opens the simulated WeChat Pay where an earlier run left it. */
export function createWeChatPay(world: World, options: WeChatPayOptions): WeChatPay {
  const { appid, mchid, magicAmounts = false, latencyMs = 0, ratePerSecond } = options;
  const keys = openKeyRing(world, mchid);
  const ledger = openLedger(world);
  const refunds = openRefundLedger(world);
  const notifier = createNotifier({ world, ledger, refunds, keys, ...waysOut(options) });
  const book = openRefundBook({ world, ledger, refunds, notifier });
  const parts = { world, ledger, refunds, book, keys };
  const truth = (order: LedgerOrder) => truthOf(order, refunds);
  const facts = (merchant: Merchant): MerchantFacts => factsOf(merchant, appid, keys);
  return {
    handle: createDoor({ world, keys, routes: routesOf(parts, appid), latencyMs, ratePerSecond }),
    cloudPay: createCloudPay({ ...parts, appid, mchid, latencyMs, ratePerSecond }),
    cashier: createCashier({ world, ledger, notifier, magicAmounts }).act,
    truth: (outTradeNo) => {
      const order = ledger.findAny(outTradeNo);
      return order && truth(order);
    },
    ...refundControls(parts),
    switchPlatform: (to) => {
      keys.switchPlatform(to);
      return { ...keys.platform(), certificates: keys.certificates().map(({ serial }) => serial) };
    },
    orders: (limit = 100) => ledger.recent(limit).map(truth),
    notices: notifier.notices,
    posted: () => notifier.notices().filter((one): one is Notice => 'url' in one),
    merchant: (number = mchid) => facts(keys.addMerchant(number)),
    addMerchant: (number) => facts(keys.addMerchant(number)),
    addSubMerchant: (spMchid, number) => ({
      ...facts(keys.addSubMerchant(spMchid, number)),
      mchid: number,
      provider: { mchid: spMchid, appid: providerAppid(spMchid) },
    }),
    rotateMerchantKey: (number) => facts(keys.rotate(number)),
    reset: () => {
      for (const { kind, key } of world.agenda.list()) {
        if (kind.startsWith('wechatpay.')) world.agenda.cancel(kind, key);
      }
      for (const name of ['orders', 'refunds', 'prepays', 'bills']) {
        world.data.db.exec(`DELETE FROM wechatpay_${name}`);
      }
      notifier.forget();
      keys.keep();
      keys.resetPlatform();
    },
  };
}

/** How the notifier reaches a merchant; nobody by a way that was left out. */
function waysOut({ deliver, callFunction, refundNotifyUrl }: WeChatPayOptions) {
  return { deliver, callFunction: callFunction ?? (async () => 'unreachable'), refundNotifyUrl };
}

function factsOf(merchant: Merchant, appid: string, { platform }: KeyRing): MerchantFacts {
  const current = merchant.certificates.at(-1);
  return {
    ...platform(),
    mchid: merchant.mchid,
    appid,
    apiV3Key: merchant.apiV3Key,
    apiV2Key: merchant.apiV2Key,
    serialNo: current?.serialNo ?? '',
    privateKeyPem: current?.privateKeyPem ?? '',
  };
}

function truthOf(order: LedgerOrder, refunds: RefundLedger): Record<string, unknown> {
  const {
    mchid,
    outTradeNo,
    createdAtMs,
    expiresAtMs,
    total,
    openid,
    description,
    prepayCount,
    tries,
    cloudPay,
  } = order;
  return {
    ...orderJson(order),
    description,
    ...(cloudPay === undefined ? {} : { cloudPay }),
    payer: { openid },
    amount: { total, currency: 'CNY' },
    create_time: rfc3339(createdAtMs),
    ...(expiresAtMs === undefined ? {} : { time_expire: rfc3339(expiresAtMs) }),
    prepayCount,
    notifications: tries,
    refunds: refunds.ofOrder(mchid, outTradeNo).map(refundTruth),
  };
}
