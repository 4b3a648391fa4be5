import type { FunctionName } from '../../shared/contract/callers.ts';
import type { CallName } from '../control/api/controlApi.ts';

/** A tool is one call of the control API, which names its fields and checks them. */
export interface Tool {
  call: CallName;
  /** Says what it is for, and what its words mean where they do not say it themselves. */
  zh: string;
  en: string;
  /** Fields that the tool fills in itself; a function's name puts that function's input in the place of `data`. */
  fixed?: { readonly name?: FunctionName; readonly service?: boolean };
  /** Fields that the tool does not have. */
  without?: readonly string[];
  /** Parameters that are so where they are left out, for the sake of short answers. */
  usual?: Readonly<Record<string, string>>;
}

/** A function that the merchant's server calls, signed. */
function byServer(name: FunctionName, zh: string, en: string): Tool {
  const fixed = { name, service: true };
  return { call: 'POST /_local/call', zh, en, fixed, without: ['openid', 'source'] };
}

/** Lists the tools by their names. None shows what is masked, and none brings or takes a key. */
export const tools: Readonly<Record<string, Tool>> = {
  list_goods: {
    call: 'GET /_local/shop',
    zh: '样例商店在售的商品，价格单位为分',
    en: 'What the sample shop sells; prices are in fen',
  },
  place_order: {
    call: 'POST /_local/call',
    zh: '以小程序用户下单。询价时 data 为 {request: {productId, count, purchaseId}}，换一个 purchaseId 才是另一单；应答 result.prepayId 交给 use_cashier，result.outTradeNo 用于其余工具',
    en: 'A mini program user places an order. Where the shop names the price, data is {request: {productId, count, purchaseId}}; another purchaseId is another order. Give result.prepayId to use_cashier, result.outTradeNo to the other tools',
    fixed: { name: 'unifiedOrder' },
    without: ['source', 'service'],
  },
  use_cashier: {
    call: 'POST /_local/cashier/{prepayId}',
    zh: '付款人在收银台：pay 付款，cancel 取消，fail 失败（outcome：balance 余额不足、parameter 参数有误、situation 交易异常、banned 被限制）。应答不是付款的证明，用 query_order 查询',
    en: 'What the payer does at the cashier: pay, cancel, or fail (outcome: balance is an insufficient balance; parameter, situation, banned). The answer proves no payment: use query_order',
  },
  query_order: byServer(
    'queryOrder',
    '由服务端查单：state 为 paid 才是已付款。20 秒内的重复查询不再问微信，可先用 move_clock 推进',
    'The server queries an order: it is paid where state is paid. Within 20 s of the last query WeChat is not asked again: move_clock first',
  ),
  close_order: byServer('closeOrder', '由服务端关单', 'The server closes an order'),
  refund: byServer(
    'refund',
    '由服务端申请退款，金额单位为分；受理后 10 秒（虚拟时间）到账，或用 change_wechat_refund',
    'The server asks for a refund, in fen. It succeeds 10 s of virtual time later, or by change_wechat_refund',
  ),
  query_refund: byServer('queryRefund', '由服务端查询退款', 'The server queries refunds'),
  list_attention: byServer('listAttention', '需要人处理的事', 'What only a person can end'),
  call_function: {
    call: 'POST /_local/call',
    zh: '以任何来源调用任何函数：openid 为小程序用户；service 为 true 时以服务端签名；source 如 wx_http、scf',
    en: 'Calls any function as anybody: openid is a mini program user; service: true signs as the server; source as in wx_http, scf',
  },
  list_orders: {
    call: 'GET /_local/orders',
    zh: '订单摘要，最新在前，默认 20 条；text 找单号、商品描述或 openid 的一部分',
    en: 'Orders in brief, newest first, 20 unless limit says otherwise; text finds a part of a number, body or openid',
    usual: { limit: '20' },
  },
  get_order: {
    call: 'GET /_local/orders/{outTradeNo}',
    zh: '一个订单：我们所存、微信侧实情、两者的差别',
    en: 'One order: as we store it, as WeChat has it, and what differs',
  },
  change_wechat_order: {
    call: 'POST /_local/wechatpay/orders/{outTradeNo}',
    zh: '在微信侧把订单变为已支付或已关闭；callback: none 不发回调，total 改实付金额（分）',
    en: 'WeChat has the order paid or closed; callback: none sends no callback, total pays another sum in fen',
  },
  change_wechat_refund: {
    call: 'POST /_local/refunds/{outRefundNo}',
    zh: '在微信侧推动退款到某状态并通知',
    en: 'WeChat moves a refund to a state, and notifies',
  },
  repeat_callback: {
    call: 'POST /_local/wechatpay/orders/{outTradeNo}/notifications',
    zh: '微信立即再发一次支付回调',
    en: 'WeChat notifies of a payment once more, now',
  },
  get_clock: { call: 'GET /_local/clock', zh: '虚拟时间', en: 'Virtual time' },
  move_clock: {
    call: 'POST /_local/clock',
    zh: '推进虚拟时间：advance 如 PT6M，或 to 某一刻；其间到期的事全部发生之后才应答。timers：all 途中每次都触发，last 各触发最后一次，none 不触发',
    en: 'Moves virtual time: advance as in PT6M, or to an instant. It answers once all that fell due has happened. timers: all fires each time on the way, last the last time alone, none not at all',
  },
  list_due: {
    call: 'GET /_local/agenda',
    zh: '接下来会自动发生的事：定时器、通知、到账',
    en: 'What happens by itself next: timers, notifications, money',
  },
  run_timer: {
    call: 'POST /_local/timers/{function}',
    zh: '立即运行定时器：closeStaleOrders 查单与关单，deliverEvents 投递事件',
    en: 'Runs a timer now: closeStaleOrders queries and closes orders, deliverEvents delivers events',
  },
  list_faults: {
    call: 'GET /_local/faults',
    zh: '打开的故障，各发生了几次',
    en: 'The faults that are on, and how often each has happened',
  },
  switch_faults: {
    call: 'POST /_local/faults',
    zh: '打开（on）与关闭（off）故障；at 与 kind 见 list_fault_places，例如 {at: wechatpay.notify, kind: lost_request} 丢失支付回调',
    en: 'Switches faults on and off; list_fault_places has each at and kind. {at: wechatpay.notify, kind: lost_request} loses callbacks of payments',
  },
  list_fault_places: {
    call: 'GET /_local/faults/places',
    zh: '哪些操作会发生哪些故障',
    en: 'Which faults happen where',
  },
  list_fault_scenes: {
    call: 'GET /_local/faults/presets',
    zh: '现成的故障场景：对钱的影响，应看到什么',
    en: 'Scenes of faults: what each does to money, and what to see',
  },
  switch_fault_scene: {
    call: 'POST /_local/faults/presets/{name}',
    zh: '打开或关闭一个场景',
    en: 'Switches a scene on or off',
  },
  list_events: {
    call: 'GET /_local/events',
    zh: '时间线，默认最新 50 条；order 为一个订单的，before 为更早的，kind 与 actor 为某一类',
    en: 'The timeline, the newest 50 entries unless limit says otherwise; order has those of one order, before those before an id',
    usual: { limit: '50' },
    without: ['run'],
  },
  get_event: {
    call: 'GET /_local/events/{id}',
    zh: '时间线的一条：往来的原文与函数打印的日志，密钥、签名与付款人已脱敏',
    en: 'One entry of the timeline: both messages, and what the function printed; keys, signatures and payers are masked',
    without: ['reveal'],
  },
  list_worlds: { call: 'GET /_local/snapshots', zh: '已保存的世界', en: 'The saved worlds' },
  save_world: {
    call: 'POST /_local/snapshots',
    zh: '保存现在的一切：订单、时钟、故障',
    en: 'Saves all there is: orders, clock, faults',
  },
  load_world: {
    call: 'POST /_local/snapshots/{name}/load',
    zh: '载入保存的世界，替换现在的一切',
    en: 'Loads a saved world in place of all there is',
  },
};
