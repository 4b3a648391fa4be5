import type * as z from 'zod/mini';
import type { FunctionName } from './callers.ts';

/**
 * The parts of the outside world that a function works with: our orders, the counts of payers, the two
 * links to WeChat Pay, what they do about refunds and bills, the verifier of signed notifications, the parser of notices of APIv2, calls of
 * itself, the start of deliveries once it has written events, the merchant's function that names prices, and
 * the function and address that the merchant is told of events at.
 */
export type Dependency =
  | 'store'
  | 'payers'
  | 'apiV3'
  | 'cloudPay'
  | 'refunds'
  | 'bills'
  | 'notifications'
  | 'unsignedNotices'
  | 'self'
  | 'deliveries'
  | 'quotes'
  | 'merchant';

/** Describes a function to those who call, build and deploy it. */
export interface Contract<I> {
  name: FunctionName;
  /** How it is invoked and answers: a call, an HTTP access route, or a timer. */
  form: 'call' | 'http' | 'timer';
  /** The parts of the outside world that it works with; the build leaves all others out of its bundle. */
  dependsOn: readonly Dependency[];
  input: z.ZodMiniType<I>;
}
