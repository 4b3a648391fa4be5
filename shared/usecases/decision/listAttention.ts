import type { Result } from '../../contract/answer.ts';
import { ATTENTION_ACTIONS } from '../../contract/decision/attentionKinds.ts';
import {
  ATTENTION_OF_ONE_MAX,
  type AttentionEntry,
  type ListAttentionAnswer,
  type ListAttentionInput,
} from '../../contract/decision/listAttention.ts';
import { refuse } from '../../contract/refusals.ts';
import { attentionOf, DECISIONS_OF } from '../../domain/attention/attention.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { AttentionRow, Cursor } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';

const LIMIT = 20;

/** 待处理的事: lists what needs a human, the oldest first, a page of documents at a time. */
export async function listAttention(
  { limit = LIMIT, cursor }: ListAttentionInput,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<Result<ListAttentionAnswer>> {
  const after = cursor === undefined ? undefined : cursorIn(cursor);
  if (cursor !== undefined && !after) {
    const why = '应为上一页的 cursor (not the cursor of a page)';
    return refuse('PARAM_ERROR', { field: 'cursor', why });
  }
  const now = clock.now();
  try {
    const rows = await store.attention(now, limit, after);
    const entries = rows.flatMap((row) => entriesOf(row, now));
    invocation.log.add({ counts: { attention: entries.length } });
    if (rows.length < limit) return { entries };
    return { entries, cursor: cursorAfter(rows, after) };
  } catch (error) {
    const refusal = foreseenRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}

function entriesOf(row: AttentionRow, now: Date): AttentionEntry[] {
  const { outTradeNo } = row;
  if (row.kind === 'unreadable') {
    const { at: since, code: detail } = row;
    const entry = { kind: 'unreadable', about: outTradeNo, decisions: ['leave'], detail } as const;
    return [{ outTradeNo, ...entry, ...timesOf(since, now), action: ATTENTION_ACTIONS.unreadable }];
  }
  const { document } = row;
  return attentionOf(document, now)
    .slice(0, ATTENTION_OF_ONE_MAX)
    .map(({ since, ...found }) => ({
      outTradeNo,
      ...found,
      ...timesOf(since, now),
      action: ATTENTION_ACTIONS[found.kind],
      decisions: DECISIONS_OF[found.kind],
      ...stateOf(document),
    }));
}

function timesOf(since: Date, now: Date) {
  const ageSeconds = Math.floor((now.getTime() - since.getTime()) / 1000);
  return { since: beijingRfc3339(since), ageSeconds };
}

function stateOf(document: OrderDocument): Pick<AttentionEntry, 'state' | 'totalFee'> {
  if (document.kind === 'orphan') return { state: document.kind };
  return { state: document.status.state, totalFee: document.totalFee };
}

/** Makes the cursor of the next page: the last instant, and what was listed of it already. */
function cursorAfter(rows: readonly AttentionRow[], before: Cursor | undefined): string {
  const at = rows.at(-1)?.at ?? new Date(0);
  const here = rows.filter((row) => row.at.getTime() === at.getTime());
  const earlier = before?.at.getTime() === at.getTime() ? before.except : [];
  const except = [...earlier, ...here.map(({ outTradeNo }) => outTradeNo)];
  return Buffer.from(JSON.stringify([at.getTime(), except])).toString('base64url');
}

function cursorIn(text: string): Cursor | undefined {
  try {
    const [ms, except]: unknown[] = JSON.parse(Buffer.from(text, 'base64url').toString());
    const at = new Date(Number(ms));
    const areNumbers =
      Array.isArray(except) && except.every((each): each is string => typeof each === 'string');
    return areNumbers && !Number.isNaN(at.getTime()) ? { at, except } : undefined;
  } catch {
    return undefined;
  }
}
