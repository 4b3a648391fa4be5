import type { AnswerOf } from '../../../control/api/controlApi.ts';
import type { Fault } from '../../state/faults.ts';

export type Places = AnswerOf<'GET /_local/faults/places'>;
type Option = Places[number]['kinds'][number];

/** Holds what somebody typed and chose for a fault of their own. */
export interface Typed {
  at: string;
  kind: string;
  code: string;
  delayMs: string;
  times: string;
  /** In percent. */
  probability: string;
}

/** A form that is opened: the next query at WeChat Pay fails. */
export const FIRST: Typed = {
  at: 'wechatpay.query',
  kind: 'error',
  code: '',
  delayMs: '',
  times: '1',
  probability: '',
};

/** Finds what may happen at the place that is chosen; the first kind there where another was chosen. */
export function optionIn(places: Places, { at, kind }: Typed): Option | undefined {
  const kinds = places.find((place) => place.at === at)?.kinds ?? [];
  return kinds.find((each) => each.kind === kind) ?? kinds[0];
}

/** Makes the fault of what was typed; what is no number goes as it is, for the refusal to name it. */
export function faultOf(typed: Typed, option: Option): Fault {
  const takesCode = option.codes !== undefined || option.codePattern !== undefined;
  const fields = {
    at: typed.at,
    kind: option.kind,
    code: takesCode && typed.code !== '' ? typed.code : undefined,
    delayMs: option.kind === 'slow' ? numberIn(typed.delayMs) : undefined,
    times: numberIn(typed.times),
    probability: shareOf(numberIn(typed.probability)),
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as Fault;
}

function numberIn(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isNaN(number) ? trimmed : number;
}

function shareOf(percent: number | string | undefined): number | string | undefined {
  return typeof percent === 'number' ? percent / 100 : percent;
}

/** Lists the places by the service that they are of, in their order. */
export function byService(places: Places): [service: string, places: Places][] {
  const services = new Map<string, Places>();
  for (const place of places) {
    const service = place.at.slice(0, place.at.indexOf('.'));
    services.set(service, [...(services.get(service) ?? []), place]);
  }
  return [...services];
}
