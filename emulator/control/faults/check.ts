import type { Fault, FaultPlace } from '../../world/faults.ts';
import { RefusalError } from '../errors.ts';

/** Names the field of a fault that is wrong, and says why. */
interface Mistake {
  field: 'at' | 'kind' | 'code' | 'delayMs';
  message: string;
}

/** Refuses a fault that cannot happen by the field that is wrong: none is taken for another. */
export function checkFaults(
  faults: readonly Fault[],
  places: readonly FaultPlace[],
  prefix = '',
): void {
  for (const [i, fault] of faults.entries()) {
    const mistake = mistakeIn(fault, places);
    if (mistake)
      throw new RefusalError(400, 'INVALID', mistake.message, `${prefix}${i}.${mistake.field}`);
  }
}

function mistakeIn(fault: Fault, places: readonly FaultPlace[]): Mistake | undefined {
  const { at, kind, code, delayMs } = fault;
  const place = places.find((each) => each.at === at);
  if (!place) {
    const message = `没有操作 ${at}，全部见 GET /_local/faults/places (no operation ${at}: that call lists them)`;
    return { field: 'at', message };
  }
  const option = place.kinds.find((each) => each.kind === kind);
  if (!option) {
    const known = place.kinds.map((each) => each.kind).join(', ');
    const message = `${at} 不会发生 ${kind}，可以是：${known} (${kind} does not happen at ${at}; these do: ${known})`;
    return { field: 'kind', message };
  }
  const { codes = [], codePattern } = option;
  const isCode =
    code === undefined ||
    codes.includes(code) ||
    (codePattern !== undefined && new RegExp(codePattern).test(code));
  if (!isCode) {
    const message = `${at} 的 ${kind} 没有代码 ${code} (${kind} at ${at} has no code ${code})`;
    return { field: 'code', message };
  }
  return mistakenDelay(kind, delayMs);
}

function mistakenDelay(kind: Fault['kind'], delayMs: number | undefined): Mistake | undefined {
  if (kind === 'slow' && delayMs === undefined)
    return { field: 'delayMs', message: 'slow 须写明晚多少毫秒 (slow needs its milliseconds)' };
  if (kind !== 'slow' && delayMs !== undefined)
    return { field: 'delayMs', message: '只有 slow 有延迟 (slow alone has a delay)' };
  return undefined;
}
