import * as z from 'zod/mini';
import type { DecisionName } from '../../domain/decision.ts';
import type { Contract } from '../contract.ts';
import type { ListedKind } from './attentionKinds.ts';

/** At most so many documents on a page. */
export const ATTENTION_LIMIT_MAX = 50;

/** At most so many entries of one document on a page: the oldest; the others come when these are decided. */
export const ATTENTION_OF_ONE_MAX = 20;

/** The longest cursor: it holds the numbers of one instant, of which there are few. */
const CURSOR_LENGTH_MAX = 65_536;

const input = z.strictObject(
  {
    limit: z.optional(
      z
        .number('应为数字 (a number)')
        .check(
          z.int('应为整数 (a whole number)'),
          z.minimum(1, '至少 1 (at least 1)'),
          z.maximum(
            ATTENTION_LIMIT_MAX,
            `最多 ${ATTENTION_LIMIT_MAX} (at most ${ATTENTION_LIMIT_MAX})`,
          ),
        ),
    ),
    cursor: z.optional(
      z
        .string('应为字符串 (a string)')
        .check(
          z.maxLength(CURSOR_LENGTH_MAX),
          z.regex(/^[\w-]+$/, '应为上一页的 cursor (of the last page)'),
        ),
    ),
  },
  '应为对象 (an object)',
);

/** Asks for a page: at most `limit` documents (20), after the `cursor` of the page before. */
export type ListAttentionInput = z.infer<typeof input>;

/** Something that needs a human; amounts in fen, times in Beijing. */
export interface AttentionEntry {
  outTradeNo: string;
  kind: ListedKind;
  /** `decideOrder` names it by this. */
  about: string;
  since: string;
  ageSeconds: number;
  /** Says what it means and what to do, Chinese first. */
  action: string;
  /** The decisions that end it; the first is proposed. */
  decisions: readonly DecisionName[];
  /** How the document stands; absent where it cannot be read. */
  state?: string;
  /** 总金额 of the order; an orphan has none. */
  totalFee?: number;
  /** The sum that it is about: of the payment, of the refund; absent where WeChat did not say. */
  fee?: number;
  /** The field that differs, WeChat's code, or ours. */
  detail?: string;
}

/** A page, the oldest first; `cursor` is there while there is more. */
export interface ListAttentionAnswer {
  entries: AttentionEntry[];
  cursor?: string;
}

/** 待处理的事. */
export const listAttention: Contract<ListAttentionInput> = {
  name: 'listAttention',
  form: 'call',
  dependsOn: ['store'],
  input,
};
