import type { HostAnswer } from './host.ts';
import { textOf, writtenCode } from './read.ts';

/**
 * Names what the host says of a payment. None is proof: the server is asked whatever it says. `silent`: it answers
 * nothing, or does not know.
 */
export type CashierAnswer = 'ok' | 'cancel' | 'fail' | 'silent';

const CANCEL = /cancel|取消|700601/i;
/** uni-app x: 700600 is unknown or under way, 700602 the network. Source: `uni.requestPayment`. */
const UNCERTAIN = /network|time ?out|网络|超时|70060[02]/i;

/** Reads an answer of `requestPayment`; its words differ between systems and versions. Source: `requestPayment answers`. */
export function cashierAnswerOf({ by, value }: HostAnswer): CashierAnswer {
  const text = `${textOf(value)} ${writtenCode(value)}`;
  if (CANCEL.test(text)) return 'cancel';
  const isOk = /:ok\b/.test(text);
  if (by === 'success' || (by === 'complete' && isOk)) return 'ok';
  return isOk || UNCERTAIN.test(text) ? 'silent' : 'fail';
}
