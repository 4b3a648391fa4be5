import { ATTENTION_ACTIONS, type ListedKind } from '../decision/attentionKinds.ts';
import type { ListAttentionAnswer } from '../decision/listAttention.ts';
import { type AnswerMeanings, type Meaning, mean } from './meaning.ts';
import { always, maybe } from './words.ts';

/** Splits what an action says, `中文 (English)`; it is written once, beside its kind. */
function meaningOf(kind: ListedKind): Meaning {
  const [, zh = '', en = ''] = /^(.*) \(([^(]*)\)$/.exec(ATTENTION_ACTIONS[kind]) ?? [];
  return mean(zh, en);
}

const kinds: Record<ListedKind, Meaning> = {
  quarantine: meaningOf('quarantine'),
  orphan: meaningOf('orphan'),
  second_payment: meaningOf('second_payment'),
  refund_mismatch: meaningOf('refund_mismatch'),
  refund_abnormal: meaningOf('refund_abnormal'),
  refund_unverified: meaningOf('refund_unverified'),
  refund_requested: meaningOf('refund_requested'),
  unanswered: meaningOf('unanswered'),
  event_parked: meaningOf('event_parked'),
  unreadable: meaningOf('unreadable'),
};

/** Explains the fields of `listAttention`'s answer. */
export const listAttentionAnswer: AnswerMeanings<ListAttentionAnswer> = {
  entries: {
    ...always.list('待处理的事，最早的在前', 'what needs a person, the oldest first'),
    fields: {
      outTradeNo: always.text('商户订单号', 'the merchant’s number of the order'),
      kind: { ...always.text('哪一类事', 'the kind'), words: kinds },
      about: always.text(
        '哪一件事，decideOrder 以此指明',
        'which one: decideOrder names it by this',
      ),
      since: always.text('从何时起（北京时间）', 'since when, in Beijing time'),
      ageSeconds: always.number('已有多少秒', 'for how many seconds'),
      action: always.text('是什么意思、怎么办', 'what it means and what to do'),
      decisions: always.list(
        '可作的决定，第一个是建议',
        'the decisions that end it; the first is proposed',
      ),
      state: maybe.text('订单的状态', 'how the document stands'),
      totalFee: maybe.number('订单金额，单位分', 'the order’s sum in fen'),
      fee: maybe.number('涉及的金额，单位分', 'the sum that it is about, in fen'),
      detail: maybe.text('不符之处，或错误码', 'what differs, or a code'),
    },
  },
  cursor: maybe.text('还有更多时，下一页的 cursor', 'the next page’s cursor, while there is more'),
};
