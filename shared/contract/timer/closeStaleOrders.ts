import * as z from 'zod/mini';
import { CHECK_WORKERS_MAX } from '../../domain/limits.ts';
import type { Contract } from '../contract.ts';

const timer = z.object({ Type: z.literal('Timer') });
/** The timer's own run sends this to each worker that it starts. */
const shard = z.object({
  Type: z.literal('Shard'),
  index: z.int().check(z.minimum(1), z.maximum(CHECK_WORKERS_MAX - 1)),
  of: z.int().check(z.minimum(2), z.maximum(CHECK_WORKERS_MAX)),
  /** When the run that started it ends. */
  untilMs: z.number(),
});
const input = z.discriminatedUnion('Type', [timer, shard], '应为定时触发事件 (a timer event)');

export type CloseStaleOrdersInput = z.infer<typeof input>;
export type ShardInput = z.infer<typeof shard>;

/** Reports a run; `more` says that due orders are left for the next one. */
export interface CloseStaleOrdersAnswer {
  counts: Record<string, number>;
  more: boolean;
}

/** 定时关单、补单. */
export const closeStaleOrders: Contract<CloseStaleOrdersInput> = {
  name: 'closeStaleOrders',
  form: 'timer',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'refunds', 'self', 'deliveries'],
  input,
};
