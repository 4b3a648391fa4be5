import type { AnswerOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

export type Fault = AnswerOf<'GET /_local/faults'>[number];

/** The faults that have a switch of their own, by the name that the dictionary has for each. */
export const PRESETS = {
  loseCallbacks: { at: 'wechatpay.notify', kind: 'lost_request' },
  loseRefundCallbacks: { at: 'wechatpay.refundNotify', kind: 'lost_request' },
  slowWeChat: { at: 'wechatpay.query', kind: 'slow', delayMs: 2000 },
  databaseLost: { at: 'cloudbase.modifyDocument', kind: 'lost_answer', probability: 0.1 },
} as const satisfies Record<string, Fault>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** Tells whether two switches are the same one. */
export function isSameFault(a: Fault, b: Fault): boolean {
  return a.at === b.at && a.kind === b.kind && a.code === b.code && a.times === b.times;
}

/** Uses the faults that are on; a used-up one is none. */
export function useFaults(): Resource<Fault[]> {
  return useResource('faults', async () => {
    const faults = await ask('GET /_local/faults');
    return faults.filter(({ times }) => times !== 0);
  });
}

async function withoutFault(fault: Fault): Promise<Fault[]> {
  return (await ask('GET /_local/faults')).filter((each) => !isSameFault(each, fault));
}

/** Switches one fault on, and leaves the others. */
export async function switchOn(fault: Fault): Promise<void> {
  await ask('PUT /_local/faults', { body: [...(await withoutFault(fault)), fault] });
}

/** Switches one fault off, and leaves the others. */
export async function switchOff(fault: Fault): Promise<void> {
  await ask('PUT /_local/faults', { body: await withoutFault(fault) });
}
