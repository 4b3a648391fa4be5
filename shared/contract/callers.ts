/** Names who calls a function, by the platform's own context of this call. */
export type Caller =
  /** A mini-program user. */
  | { kind: 'user' | 'admin'; openid: string; source: string }
  /** The merchant's server: a call signed with WXPAY_SERVICE_KEY. */
  | { kind: 'service'; source: string }
  | { kind: 'timer'; source: string }
  /** The function itself: a call that it signed, to share its work. */
  | { kind: 'self'; source: string }
  /** Another function of ours: a call that it signed, to start deliveries. */
  | { kind: 'backend'; source: string }
  /** WeChat Pay through the platform: a callback of cloud pay, unsigned. */
  | { kind: 'wechat'; source: string }
  /** An HTTP access route: anybody on the internet, authenticated by signature alone. */
  | { kind: 'http'; source: string }
  /** Any other way in. */
  | { kind: 'other'; source: string };

export type CallerKind = Caller['kind'];

/** Finds the openid of a caller; undefined for one that is no user of the mini program. */
export function openidOf(caller: Caller): string | undefined {
  return 'openid' in caller ? caller.openid : undefined;
}

/**
 * Lists who may call which function. A `user` who is not the payer of an order sees it as if it did not
 * exist. The deploy writes the platform's function rules from this table too: what no user may call
 * gets `invoke: false`.
 */
export const callersOf = {
  unifiedOrder: ['user', 'admin', 'service'],
  queryOrder: ['user', 'admin', 'service'],
  closeOrder: ['user', 'admin', 'service'],
  refund: ['admin', 'service'],
  queryRefund: ['user', 'admin', 'service'],
  listAttention: ['admin', 'service'],
  decideOrder: ['admin', 'service'],
  downloadBill: ['admin', 'service'],
  payCallback: ['http', 'wechat'],
  refundCallback: ['http', 'wechat'],
  closeStaleOrders: ['timer', 'self'],
  deliverEvents: ['timer', 'backend', 'admin', 'service'],
} as const satisfies Record<string, readonly CallerKind[]>;

export type FunctionName = keyof typeof callersOf;

/**
 * Lists the samples, which the merchant edits, and who may call them. They have no contract of ours beyond what they
 * are sent (shared/contract/event/): a call without our signature does nothing, and no user may call them.
 */
export const callersOfSamples = {
  quoteOrder: ['backend'],
  fulfilOrder: ['backend'],
} as const satisfies Record<string, readonly CallerKind[]>;

export type SampleName = keyof typeof callersOfSamples;

/** The right way to call, for the message to a refused caller. */
export const wayIn: Record<CallerKind, string> = {
  user: 'wx.cloud.callFunction 小程序端调用 (from the mini program)',
  admin: 'WXPAY_ADMIN_OPENIDS 中的用户 (a user listed in WXPAY_ADMIN_OPENIDS)',
  service: 'WXPAY_SERVICE_KEY 签名的服务端调用 (a call signed with WXPAY_SERVICE_KEY)',
  timer: '定时触发器 (the timer trigger)',
  self: '函数自己分片调用 (the function itself, for a shard)',
  wechat: '云支付回调，来源 wx_paycallback (a callback of cloud pay)',
  http: '微信支付回调地址 (the HTTP route that WeChat Pay was given)',
  other: '无 (none)',
  backend:
    '本后端以 WXPAY_EVENTS_KEY 签名的调用 (a call of this backend, signed with WXPAY_EVENTS_KEY)',
};
