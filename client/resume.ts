import { ask, ENOUGH } from './asking.ts';
import { paymentOutcome } from './outcomes.ts';
import { keepOrDrop, type PayDeps, type Payment } from './pay.ts';
import type { Outcome } from './types.ts';

/** Resuming works with more: payments that go on, and orders that are asked about already. */
interface ResumeDeps extends PayDeps {
  payments: ReadonlyMap<string, Payment>;
  resuming: Set<string>;
  report(outcome: Outcome): void;
}

/**
 * Asks about every order that was left: as long as it takes where the cashier was open, once where it had ended unpaid,
 * which only a payment is worth a report of.
 */
export async function resumePending(deps: ResumeDeps): Promise<void> {
  const { functions, pending, payments, resuming, report } = deps;
  const left = pending.all().filter(({ key }) => !payments.has(key) && !resuming.has(key));
  await Promise.all(
    left.map(async ({ key, outTradeNo, isOpen }) => {
      resuming.add(key);
      const found = await ask(functions, outTradeNo, isOpen ? ENOUGH.silent : ENOUGH.none);
      resuming.delete(key);
      // Another tap pays this order by now, or has, and has an outcome of its own.
      const isLeft = pending.all().some((each) => each.key === key && each.isOpen === isOpen);
      if (!isLeft || payments.has(key)) return;
      const outcome = paymentOutcome('silent', found, found.order);
      if (isOpen || outcome.status === 'paid') report(outcome);
      if (isOpen || outcome.status !== 'unknown') keepOrDrop(key, outcome, deps);
    }),
  );
}
