import * as z from 'zod/mini';
import type { Call } from './call.ts';

const MEANING = z.object({ zh: z.string(), en: z.string() });
const WORD = z.object({ word: z.string(), meaning: z.optional(MEANING) });
const FIELD = z.object({
  /** `payment.appId` is within an object, `refunds[].state` within each entry of a list. */
  name: z.string(),
  kind: z.enum(['text', 'number', 'boolean', 'list', 'object', 'any']),
  /** An input has to have it, an answer always has it. */
  isAlways: z.boolean(),
  meaning: MEANING,
  /** Says what a value must be, as the refusal words it: Chinese, then English. */
  limits: z.array(z.string()),
  /** All values that it takes; empty where it is free. */
  words: z.array(WORD),
  /** The value that stands in where it is left out. */
  initial: z.optional(z.string()),
});
const REFUSAL = z.object({
  code: z.string(),
  advice: z.enum(['never', 'same_request', 'query_first']),
  meaning: MEANING,
});
const CONTRACT = z.object({
  name: z.string(),
  title: MEANING,
  purpose: MEANING,
  form: z.enum(['call', 'http', 'timer']),
  callers: z.array(z.object({ kind: z.string(), meaning: MEANING, wayIn: z.string() })),
  /** The forms of its input, of which a call has one. */
  inputs: z.array(z.array(FIELD)),
  answer: z.array(FIELD),
  refusals: z.array(REFUSAL),
});

export type ContractField = z.infer<typeof FIELD>;
export type DescribedContract = z.infer<typeof CONTRACT>;

/** The calls about what functions take and answer. */
export const contractCalls = {
  'GET /_local/contracts': {
    summary:
      '每个函数：谁可调用、字段的类型与限制及含义、应答、错误 (each function: callers, fields with type, limits and meaning, answer, errors)',
    answer: z.array(CONTRACT),
  },
} as const satisfies Record<string, Call>;
