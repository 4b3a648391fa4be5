import type { Fault } from '../../world/faults.ts';

/** Changes the text of an answer before it is signed. */
export type Mutate = (text: string) => string;

/** Answers that no client can read, or that tell less than usual, by the code of a `mutated` fault. */
const MALFORMED_BODIES: Record<string, Mutate> = {
  NOT_JSON: () => '<html>502 Bad Gateway</html>',
  HUGE: (text) => `{"pad":"${'x'.repeat(2_100_000)}",${text.slice(1)}`,
  UNKNOWN_STATE: (text) => text.replace(/"(trade_state|status)":"\w+"/, '"$1":"SOMETHING_NEW"'),
  BARE_REFUND: withoutPayment,
};

/** Leaves out of a refunded order when and how much was paid: no document says that it is still told. */
function withoutPayment(text: string): string {
  const sparse = ['amount', 'success_time', 'payer', 'total_fee', 'cash_fee', 'time_end'];
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  if (!entries.some(([name, value]) => name === 'trade_state' && value === 'REFUND')) return text;
  return JSON.stringify(Object.fromEntries(entries.filter(([name]) => !sparse.includes(name))));
}

/** Lists their codes. */
export const MALFORMATIONS: readonly string[] = Object.keys(MALFORMED_BODIES);

/** Finds how a fault malforms an answer's body; undefined where it leaves the body as it is. */
export function malformedBy(fault: Fault | undefined): Mutate | undefined {
  return fault?.kind === 'mutated' ? MALFORMED_BODIES[fault.code ?? ''] : undefined;
}
