import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';

const input = z.object({ Type: z.literal('Timer', '应为定时触发事件 (a timer event)') });

export type CloseStaleOrdersInput = z.infer<typeof input>;

/** Reports a run; `more` says that due orders are left for the next one. */
export interface CloseStaleOrdersAnswer {
  counts: Record<string, number>;
  more: boolean;
}

/** 定时关单、补单. */
export const closeStaleOrders: Contract<CloseStaleOrdersInput> = {
  name: 'closeStaleOrders',
  form: 'timer',
  dependsOn: ['store', 'apiV3', 'cloudPay'],
  input,
};
