import type { AttentionKind } from '../../domain/attention/attention.ts';

/** Lists what needs a human, by kind: of a document that can be read, and the document that cannot. */
export const ATTENTION_KINDS = [
  'quarantine',
  'orphan',
  'second_payment',
  'refund_mismatch',
  'refund_abnormal',
  'refund_unverified',
  'refund_requested',
  'unanswered',
  'event_parked',
  'unreadable',
] as const satisfies readonly (AttentionKind | 'unreadable')[];

export type ListedKind = (typeof ATTENTION_KINDS)[number];

/** Tells what each kind means and what a person does about it, Chinese first. Total. */
export const ATTENTION_ACTIONS: Record<ListedKind | AttentionKind, string> = {
  quarantine:
    '付款与订单不符：退回（refundPayment），或认可（acceptPayment） (the payment differs from its order: refund or accept it)',
  orphan:
    '不认识的单号收到付款：退回，或认可并自行补单 (money for a number that is not ours: refund it, or accept it and deliver by hand)',
  second_payment: '同一订单付了两次：退回多付的一笔 (paid twice: refund the second payment)',
  refund_mismatch:
    '微信对该退款的回答与记录不符：在商户平台核对，再用 leave 记录 (WeChat says otherwise of a refund: compare in the merchant console, then leave it with the reason)',
  refund_abnormal:
    '退款入账失败：refund 加 abnormal 改退到其他账户，或在商户平台处理 (the payer’s account does not take it: call `refund` with `abnormal`, or handle it in the merchant console)',
  refund_unverified:
    '退款结果从未得到确认：对照账单，未退款则在商户平台人工退，再用 leave 记录 (its end was never confirmed: look in the bill, refund in the console if it was not paid out, then leave it)',
  refund_requested:
    '退款一小时未被受理：按 lastErrorCode 排除原因（如充值），或放弃（giveUpRefund） (not taken for an hour: put the cause right, top up say, or give it up)',
  unanswered:
    '过期订单查不清：修好配置后用 queryOrder 查一次，或在商户平台看有无付款，再用 leave 记录 (WeChat gives no usable answer: repair the configuration and call `queryOrder`, or look in the console, then leave it)',
  event_parked:
    '事件没有送达商户，已不再重试：修好接收方后重新投递（redeliver） (it did not reach the merchant: repair the receiver, then deliver it again)',
  unreadable:
    '订单文档无法读取：修复文档，或用 leave 记录 (the document cannot be read: repair it, or leave it)',
};
