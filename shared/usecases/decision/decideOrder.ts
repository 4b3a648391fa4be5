import type { Result } from '../../contract/answer.ts';
import type { DecideOrderAnswer, DecideOrderInput } from '../../contract/decision/decideOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { giveUpRefund } from './giveUpRefund.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** 人工决定: does what a person decided about an order; the order keeps who decided, when and why. */
export async function decideOrder(
  input: DecideOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<DecideOrderAnswer>> {
  switch (input.decision) {
    case 'giveUpRefund':
      return giveUpRefund(input, deps, invocation);
  }
}
