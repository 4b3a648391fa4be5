/** Signed calls of a merchant's server: what is signed and sent, and what a function says to what arrives. */
import { expect } from 'vitest';
import { signServiceCall, verifyServiceCall } from '../../shared/contract/serviceCall.ts';
import type { FunctionInvocation } from '../../shared/runtime/invocation/invocation.ts';
import { authorise, identify, refusalOfError } from '../../shared/runtime/invocation/steps.ts';
import serviceCalls from '../vectors/service-calls.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

type Vector = (typeof serviceCalls.vectors)[number];
type Call = { key: string; name: string; envId: string; appid: string; time: number; data: string };
interface Arrival {
  function: { name: string; envId: string | null; appid: string; keys: string[] };
  event: object;
  now: number;
  times: number;
}

/** A function of that name takes the event, or refuses it. */
function outcomeOf({ function: { name, envId, appid, keys }, event, now }: Arrival): object {
  const log = { add: () => {} };
  const context = { variables: {}, log } as unknown as FunctionInvocation;
  const request = { event: event as unknown, context, response: undefined, error: undefined };
  const place = envId === null ? {} : { envId };
  const config = { adminOpenids: [], serviceKeys: keys, appid, ...place };
  const clock = { now: () => new Date(now), monotonicMs: () => 0, wait: async () => {} };
  try {
    identify(name, config, clock).before?.(request);
    authorise({ name: 'unifiedOrder' }).before?.(request);
    return { caller: context.caller.kind, event: request.event };
  } catch (error) {
    const { refused, retry, field } = refusalOfError(error, { log } as never);
    return field === undefined ? { refused, retry } : { refused, retry, field };
  }
}

/** Whoever writes JSON as JavaScript does gets the very bytes; any other spelling is signed as it stands. */
function checkSigned({ key, name, envId, appid, time, data }: Call, expected: Vector['expected']) {
  const event = JSON.parse(expected.request_body ?? '');
  const lines = [name, envId, appid, time, data];
  expect(Buffer.from(lines.join('\n')).toString('hex')).toBe(expected.signed_utf8_hex);
  const signed = { envId, appid, time, data, signature: expected.signature };
  expect(JSON.stringify({ signed })).toBe(expected.request_body);
  expect(verifyServiceCall(name, event, [key])).toBe(true);
  const input: unknown = JSON.parse(data);
  if (JSON.stringify(input) !== data) return;
  const ours = signServiceCall({ name, envId, appid }, input, key, time);
  expect(JSON.stringify(ours)).toBe(expected.request_body);
}

function checkArrival(arrival: Arrival, expected: Vector['expected']): void {
  for (let count = 0; count < arrival.times; count += 1) {
    expect(outcomeOf(arrival)).toEqual(expected);
  }
}

function checkServiceCall({ kind, input, expected }: Vector): void {
  if (kind === 'sign') checkSigned(input as Call, expected);
  else checkArrival(input as Arrival, expected);
}

/** By the name of the file. */
export const serviceCallVectors: Record<string, VectorCases> = {
  'service-calls': casesOf(serviceCalls, checkServiceCall),
};
