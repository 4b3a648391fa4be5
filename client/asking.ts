import type { CashierAnswer } from './cashierAnswer.ts';
import type { Functions } from './functions.ts';
import type { Found } from './outcomes.ts';
import type { QueryOrderAnswer } from './types.ts';

/** The waits before each question. */
const WAITS_MS = [0, 2000, 2000, 3000, 5000, 8000, 15_000, 24_000];
/** The time after which no question is begun, however slowly they are answered. */
const ASKING_MS = 60_000;
const NEVER = 9;

/**
 * So many answers that nothing was paid are enough. WeChat has been seen to say `cancel` though the payer had paid: one
 * is not. `none`: no cashier is open.
 */
export const ENOUGH: Record<CashierAnswer | 'none', number> = {
  ok: NEVER,
  silent: NEVER,
  cancel: 2,
  fail: 2,
  none: 1,
};
/** Questions where no cashier is open: nothing will change while a payer waits. */
const TRIES_OF_NONE = 3;

/** Asks the server of an order until it is paid or closed, or it said often enough that nothing was paid. */
export async function ask(
  { call, wait, paid }: Functions,
  outTradeNo: string,
  enough: number,
): Promise<Found> {
  const known = paid.get(outTradeNo);
  if (known) return { outTradeNo, order: known };
  const found: Found = { outTradeNo };
  let unpaid = 0;
  let isLate = false;
  void wait(ASKING_MS).then(() => {
    isLate = true;
  });
  for (const ms of WAITS_MS.slice(0, enough === ENOUGH.none ? TRIES_OF_NONE : NEVER)) {
    if (ms) await wait(ms);
    if (isLate) break;
    const { errCode, ...order } = await call<QueryOrderAnswer>('queryOrder', { outTradeNo });
    found.isNone = errCode === 'ORDER_NOT_EXIST';
    if (errCode === 0) found.order = order as QueryOrderAnswer;
    else if (!found.isNone) continue;
    unpaid += 1;
    const { state, quarantined } = order as QueryOrderAnswer;
    if (state === 'paid') paid.set(outTradeNo, order as QueryOrderAnswer);
    if (state === 'paid' || state === 'closed' || quarantined || unpaid >= enough) break;
  }
  return found;
}
