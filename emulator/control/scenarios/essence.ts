import type { Essence } from '../api/worlds/scenarios.ts';
import { valueAt } from './variables.ts';

/** An answer comes down to these, where it has them. */
const ESSENTIAL = [
  'error.code',
  'result.errCode',
  'result.state',
  'errMsg',
  'trade_state',
  'status',
] as const;

/** Takes of an answer what says how it ended, and what is at the places asked for. */
export function essenceOf(
  http: number,
  answer: unknown,
  places: readonly string[] = ESSENTIAL,
): Essence {
  const found = places.map((place) => [place, valueAt(answer, place)] as const);
  const plain = found.filter(([, value]) => /^(?:string|number|boolean)$/.test(typeof value));
  return { ...(Object.fromEntries(plain) as Essence), http };
}
