import type { Result } from '../../contract/answer.ts';
import type { DecideOrderAnswer, DecideOrderInput } from '../../contract/decision/decideOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { acceptPayment } from './acceptPayment.ts';
import { answerForeseen } from './decidedDocument.ts';
import { giveUpRefund } from './giveUpRefund.ts';
import { leave } from './leave.ts';
import { redeliver } from './redeliver.ts';
import { refundPayment } from './refundPayment.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf' | 'disabledChannels'>;

/** 人工决定: does what a person decided about an order; the order keeps who decided, when and why. */
export function decideOrder(
  input: DecideOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<DecideOrderAnswer>> {
  return answerForeseen<DecideOrderAnswer>(() => {
    switch (input.decision) {
      case 'acceptPayment':
        return acceptPayment(input, deps, invocation);
      case 'refundPayment':
        return refundPayment(input, deps, invocation);
      case 'leave':
        return leave(input, deps, invocation);
      case 'redeliver':
        return redeliver(input, deps, invocation);
      case 'giveUpRefund':
        return giveUpRefund(input, deps, invocation);
    }
  });
}
