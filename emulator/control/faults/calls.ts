import * as z from 'zod/mini';
import { FAULT_KINDS } from '../../world/faults.ts';
import type { Call } from '../api/call.ts';

/** The longest that a timer of Node.js waits. */
const DELAY_MS_MAX = 2 ** 31 - 1;

const FAULT = {
  at: z.string(),
  kind: z.enum(FAULT_KINDS),
  times: z.optional(z.int().check(z.minimum(1))),
  probability: z.optional(z.number().check(z.gt(0), z.lte(1))),
  delayMs: z.optional(z.int().check(z.minimum(1), z.maximum(DELAY_MS_MAX))),
  code: z.optional(z.string()),
};
/** A fault that is to happen still. */
export const LEFT_FAULT = z.strictObject(FAULT);
/** As it is read: one that is used up has none of its times left. */
const COUNTED = { ...FAULT, times: z.optional(z.int().check(z.minimum(0))) };
const TAKEN = z.int().check(z.minimum(0));
const SWITCHED = z.object({ ...COUNTED, taken: TAKEN });
const CHANGE = z.strictObject({
  on: z.optional(z.array(z.strictObject(FAULT))),
  off: z.optional(z.array(z.object(COUNTED))),
});
const PLACE = z.object({
  at: z.string(),
  kinds: z.array(
    z.object({
      kind: z.enum(FAULT_KINDS),
      /** The codes that it may have; none without either of these two. */
      codes: z.optional(z.readonly(z.array(z.string()))),
      codePattern: z.optional(z.string()),
    }),
  ),
});
const WORDS = z.object({ zh: z.string(), en: z.string() });
const PRESET = z.object({
  name: z.string(),
  title: WORDS,
  /** Says what it does to money. */
  money: WORDS,
  /** Says what one should see. */
  sight: WORDS,
  faults: z.array(z.object(FAULT)),
  isOn: z.boolean(),
});

/** The calls about what goes wrong. */
export const faultCalls = {
  'GET /_local/faults': {
    summary: '故障开关与各自发生的次数 (the fault switches, and how often each has happened)',
    answer: z.array(SWITCHED),
  },
  'PUT /_local/faults': {
    summary: '设置故障开关，其余关闭 (set the fault switches, all others off)',
    body: z.array(z.strictObject({ ...COUNTED, taken: z.optional(TAKEN) })),
    answer: z.array(SWITCHED),
  },
  'POST /_local/faults': {
    summary: '打开与关闭几个故障，不动其余 (switch some on and some off, and leave the others)',
    body: CHANGE,
    answer: z.array(SWITCHED),
  },
  'GET /_local/faults/places': {
    summary: '哪些操作会发生哪些故障，代码可以是什么 (where which faults happen, with which codes)',
    answer: z.array(PLACE),
  },
  'GET /_local/faults/presets': {
    summary:
      '现成的故障组合，对钱的影响，应看到什么 (presets: what each does to money, what to see)',
    answer: z.array(PRESET),
  },
  'POST /_local/faults/presets/{name}': {
    summary: '打开或关闭一个组合 (switch a preset on or off)',
    body: z.strictObject({ to: z.enum(['on', 'off']) }),
    answer: z.array(PRESET),
  },
} as const satisfies Record<string, Call>;
