import * as z from 'zod/mini';
import type { Call } from './call.ts';
import { INVOCATION } from './payments.ts';

const MOVE = z.strictObject({
  advance: z.optional(z.string()),
  to: z.optional(z.string()),
  timers: z.optional(z.enum(['all', 'last', 'none'])),
});
/** The present of the local cloud, and what comes next. */
const CLOCK = z.object({
  now: z.string(),
  offsetMs: z.number(),
  nextTimer: z.optional(
    z.object({ name: z.string(), trigger: z.string(), atMs: z.number(), at: z.string() }),
  ),
});

/** Something that happens by itself once its time has come. */
const DUE = z.object({
  /** `timer`, `wechatpay.notify`, `wechatpay.money`, … */
  kind: z.string(),
  /** Names which one: a function and its trigger, a number. */
  key: z.string(),
  at: z.string(),
});

/** The calls about time. */
export const timeCalls = {
  'GET /_local/clock': { summary: '当前虚拟时间 (virtual time)', answer: CLOCK },
  'POST /_local/clock': { summary: '推进时间 (move time forward)', body: MOVE, answer: CLOCK },
  'GET /_local/agenda': {
    summary:
      '接下来会自动发生的事，最早的在前，至多 200 件 (what is going to happen by itself, the earliest first, at most 200)',
    answer: z.array(DUE),
  },
  'POST /_local/timers/{function}': {
    summary: '立即触发定时器 (fire a timer now)',
    answer: z.array(INVOCATION),
  },
} as const satisfies Record<string, Call>;
