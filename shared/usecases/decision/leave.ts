import type { Result } from '../../contract/answer.ts';
import type { DecisionInput, LeaveAnswer } from '../../contract/decision/decideOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import type { AttentionKind } from '../../domain/attention/attention.ts';
import { decideLeave } from '../../domain/attention/decideLeave.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { decidedBy } from './decidedDocument.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock'>;
type Input = DecisionInput<'leave'>;

/** 保持现状: takes something off the list with the reason; no money moves. */
export async function leave(
  input: Input,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<LeaveAnswer>> {
  const { outTradeNo, kind, about } = input;
  invocation.log.add({ outTradeNo });
  const isLeft =
    kind === 'unreadable'
      ? await leaveUnreadable(input, deps, invocation)
      : await leaveListed(input, kind, deps, invocation);
  if (isLeft) return { decision: 'leave', outTradeNo, kind, about };
  return refuse('ATTENTION_NOT_EXIST');
}

async function leaveListed(
  { outTradeNo, about, reason }: Input,
  kind: AttentionKind,
  deps: Deps,
  invocation: Invocation,
): Promise<boolean> {
  const left = { ...decidedBy(invocation, reason), kind, about };
  const decide = (stored: OrderDocument, now: Date) => decideLeave(stored, left, now);
  const changed = await change(outTradeNo, decide, deps, invocation);
  if (!changed) return false;
  const { outcome } = changed.decided;
  logOutcome(invocation, outcome, changed);
  return outcome === 'left';
}

/** Leaves a document that cannot be read: the decision is written beside what is in it. */
async function leaveUnreadable(
  { outTradeNo, about, reason }: Input,
  { store, clock }: Deps,
  invocation: Invocation,
): Promise<boolean> {
  if (about !== outTradeNo) return false;
  const what = { decision: 'leave', attention: 'unreadable', about } as const;
  const decision = { ...what, at: clock.now(), ...decidedBy(invocation, reason) };
  const isLeft = await store.leaveUnreadable(outTradeNo, decision);
  if (isLeft) invocation.log.add({ level: 'warn', outcome: 'left' });
  return isLeft;
}
