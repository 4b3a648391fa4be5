import type * as z from 'zod/mini';
import type { FunctionName } from './callers.ts';

/** What is said at a function's border. */
export interface Contract<I> {
  name: FunctionName;
  /** How it is invoked and answers: a call, an HTTP access route, or a timer. */
  form: 'call' | 'http' | 'timer';
  input: z.ZodMiniType<I>;
}
