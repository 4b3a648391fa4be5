import type * as z from 'zod/mini';
import { faultCalls } from '../faults/calls.ts';
import type { Call } from './call.ts';
import { contractCalls } from './contracts.ts';
import { functionCalls } from './deployed/functions.ts';
import { orderCalls } from './orders.ts';
import { paymentCalls } from './payments.ts';
import { platformCalls } from './platform.ts';
import { signatureCalls } from './signature.ts';
import { timeCalls } from './time.ts';
import { timelineCalls } from './timeline.ts';
import { scenarioCalls } from './worlds/scenarios.ts';
import { snapshotCalls } from './worlds/snapshots.ts';
import { worldCalls } from './worlds/world.ts';

/** Lists every call of the control API by its method and path. */
export const controlApi = {
  ...paymentCalls,
  ...orderCalls,
  ...timeCalls,
  ...worldCalls,
  ...timelineCalls,
  ...faultCalls,
  ...platformCalls,
  ...signatureCalls,
  ...contractCalls,
  ...functionCalls,
  ...snapshotCalls,
  ...scenarioCalls,
  'GET /_local/openapi.json': { summary: '本接口文档 (this API as OpenAPI 3.1)' },
} as const satisfies Record<string, Call>;

export type ControlApi = typeof controlApi;

/** A call by its name: `POST /_local/clock`. */
export type CallName = keyof ControlApi;

/** The type of one part of a call; undefined where it has none. */
type Part<K extends CallName, P extends 'query' | 'body'> = ControlApi[K] extends {
  [part in P]: infer S;
}
  ? z.infer<S>
  : undefined;

export type BodyOf<K extends CallName> = Part<K, 'body'>;
export type QueryOf<K extends CallName> = Part<K, 'query'>;
export type AnswerOf<K extends CallName> = ControlApi[K] extends { answer: infer S }
  ? z.infer<S>
  : object;

/** The names in braces in a path, as fields. */
export type PathOf<K extends string> = K extends `${string}{${infer Name}}${infer Rest}`
  ? { [name in Name]: string } & PathOf<Rest>
  : object;
