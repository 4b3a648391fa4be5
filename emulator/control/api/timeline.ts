import * as z from 'zod/mini';
import { ACTORS, KINDS } from '../../world/timeline/entry.ts';
import { LEFT_FAULT } from '../faults/calls.ts';
import type { Call } from './call.ts';

const ENTRY = z.object({
  id: z.int(),
  /** When it ended, in virtual time. */
  at: z.string(),
  what: z.string(),
  actor: z.enum(ACTORS),
  subject: z.optional(z.string()),
  /** How long it took, in real milliseconds. */
  ms: z.optional(z.number()),
  /** Names it for those that follow from it, which have it as their cause. */
  key: z.optional(z.string()),
  cause: z.optional(z.string()),
  chain: z.optional(z.string()),
  hasExchange: z.optional(z.boolean()),
  detail: z.optional(z.record(z.string(), z.unknown())),
});
const WHOLE_NUMBER = z.string().check(z.regex(/^\d{1,15}$/));
const EVENTS_QUERY = z.object({
  after: z.optional(WHOLE_NUMBER),
  run: z.optional(z.string()),
  before: z.optional(WHOLE_NUMBER),
  limit: z.optional(WHOLE_NUMBER),
  /** Several are separated by commas. */
  actor: z.optional(z.string().check(z.regex(new RegExp(`^(?:(?:${ACTORS.join('|')})(?:,|$))+$`)))),
  kind: z.optional(z.enum(KINDS)),
  order: z.optional(z.string()),
  text: z.optional(z.string()),
  /** `only` asks for what these followed from and is none of them, in their place. */
  causes: z.optional(z.literal('only')),
});
const MESSAGE = z.object({
  line: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
const EVENT = z.object({
  entry: ENTRY,
  /** Both sides as they went over the wire; the newest are kept. */
  sent: z.optional(MESSAGE),
  answered: z.optional(MESSAGE),
  /** The lines that the function printed. */
  log: z.optional(z.array(z.string())),
  /** The faults that were left when somebody did it, each with how often it was to happen still. */
  faults: z.optional(z.array(LEFT_FAULT)),
  /** The orders that it, or what happened with it, is about. */
  orders: z.array(z.string()),
  /** The parts in which something is masked: reveal=1 has it. */
  masked: z.array(z.enum(['sent', 'answered', 'log'])),
});

/** The calls about what happened. */
export const timelineCalls = {
  'GET /_local/events': {
    summary:
      '事件流 SSE；Accept: application/json 时为列表，默认最新 2000 条（最多 10000），可按 after、before 分页，按 actor、kind、order、text 筛选，causes=only 则为它们的起因；共保留最新 100000 条 (the timeline, streamed; as a list with Accept: application/json, the newest 2,000 unless asked otherwise, at most 10,000, by pages and filters, or with causes=only what these followed from; the newest 100,000 are kept)',
    query: EVENTS_QUERY,
    answer: z.array(ENTRY),
  },
  'GET /_local/events/{id}': {
    summary:
      '一条事件及其请求头、原文与日志；默认脱敏，reveal=1 为原样；原文保留最新 5000 条 (one entry with headers, bytes and log, masked unless reveal=1; the bytes of the newest 5,000 are kept)',
    query: z.object({ reveal: z.optional(z.literal('1')) }),
    answer: EVENT,
  },
} as const satisfies Record<string, Call>;
