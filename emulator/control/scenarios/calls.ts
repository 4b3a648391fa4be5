import type { Call } from '../api/call.ts';
import { functionCalls } from '../api/deployed/functions.ts';
import { orderCalls } from '../api/orders.ts';
import { paymentCalls } from '../api/payments.ts';
import { platformCalls } from '../api/platform.ts';
import { timeCalls } from '../api/time.ts';
import { worldCalls } from '../api/worlds/world.ts';
import { faultCalls } from '../faults/calls.ts';

/**
 * A scenario is made of these and no other calls: it can be played in anybody's world, so it neither empties nor
 * replaces one, and touches no file.
 */
const CALLS: Record<string, Call> = {
  ...paymentCalls,
  ...timeCalls,
  ...faultCalls,
  ...platformCalls,
  'GET /_local/orders/{outTradeNo}': orderCalls['GET /_local/orders/{outTradeNo}'],
  'POST /_local/merchant': worldCalls['POST /_local/merchant'],
  'POST /_local/functions/{function}/restart':
    functionCalls['POST /_local/functions/{function}/restart'],
};

/** A part of a path that leads nowhere else. */
export const SEGMENT = /^[\p{L}\p{N}_|*@-]{1,128}$/u;

/** A step's call, with the parts of its path as they were written. */
export interface StepCall {
  method: string;
  /** Of the API: `/_local/cashier/{prepayId}`. */
  template: string;
  segments: string[];
}

/** Finds which call of the API a step makes; none that a scenario may not have. */
export function stepCallOf(text: string): StepCall | undefined {
  const [method = '', path = '', ...more] = text.split(' ');
  const segments = path.split('/');
  const name = Object.keys(CALLS).find((each) => {
    const [ofCall, template = ''] = each.split(' ');
    const parts = template.split('/');
    const fits = parts.every((part, at) => part.startsWith('{') || part === segments[at]);
    return ofCall === method && fits && parts.length === segments.length;
  });
  if (name === undefined || more.length > 0) return undefined;
  return { method, template: name.slice(method.length + 1), segments };
}

/** An act as the recorder sees it: which call of the API it is, and what it is asked with. */
export interface RecordedAct {
  method: string;
  template: string;
  pathname: string;
  body: unknown;
}

/** Tells whether an act is taken up by a recording: it changes something, and a scenario may have it. */
export function isRecorded({ method, template }: RecordedAct): boolean {
  return method !== 'GET' && Object.hasOwn(CALLS, `${method} ${template}`);
}
