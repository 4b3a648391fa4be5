import type { Fault } from '../../world/faults.ts';

/** Changes the text of an answer before it is signed. */
export type Mutate = (text: string) => string;

/** Answers that no client can read, by the code of a `mutated` fault. */
const MALFORMED_BODIES: Record<string, Mutate> = {
  NOT_JSON: () => '<html>502 Bad Gateway</html>',
  HUGE: (text) => `{"pad":"${'x'.repeat(2_100_000)}",${text.slice(1)}`,
  UNKNOWN_STATE: (text) => text.replace(/"(trade_state|status)":"\w+"/, '"$1":"SOMETHING_NEW"'),
};

/** Finds how a fault malforms an answer's body; undefined where it leaves the body as it is. */
export function malformedBy(fault: Fault | undefined): Mutate | undefined {
  return fault?.kind === 'mutated' ? MALFORMED_BODIES[fault.code ?? ''] : undefined;
}
