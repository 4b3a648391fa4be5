import * as z from 'zod/mini';
import type { Channel } from '../../domain/delivery/deliveryState.ts';
import type { Contract } from '../contract.ts';
import { billDate } from '../fields.ts';

const timer = z.object({ Type: z.literal('Timer') });
/** One order: what is due of it, and on request of a person or the merchant's server all of it again. */
const ofOrder = z.strictObject({
  outTradeNo: z.string('应为字符串 (a string)').check(z.minLength(1), z.maxLength(64)),
});
/** Every order that was paid on a day (Beijing), again; `from` is where an earlier answer says to go on. */
const ofDay = z.strictObject({ day: billDate, from: z.optional(z.iso.datetime()) });

const input = z.union(
  [timer, ofOrder, ofDay],
  '应为定时触发事件、{outTradeNo} 或 {day} (a timer event, {outTradeNo} or {day})',
);

export type DeliverEventsInput = z.infer<typeof input>;

/** Reports a run; `counts` has every outcome and code. */
export interface DeliverEventsAnswer {
  counts: Record<string, number>;
  /** There is more to do; of a day, for whoever asks again with `from`. */
  more: boolean;
  from?: string;
  /** Channels on which the merchant wants no more (410), until they lead elsewhere or somebody asks again. */
  disabled?: readonly Channel[];
}

/** 通知商户. */
export const deliverEvents: Contract<DeliverEventsInput> = {
  name: 'deliverEvents',
  form: 'timer',
  dependsOn: ['store', 'merchant'],
  input,
};
