import type { AnswerOf, BodyOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

export type SwitchedFault = AnswerOf<'GET /_local/faults'>[number];
export type Fault = Omit<SwitchedFault, 'taken'>;
export type Preset = AnswerOf<'GET /_local/faults/presets'>[number];
export type FaultChange = BodyOf<'POST /_local/faults'>;

/** Uses the faults that were switched on, used-up ones too. */
export function useFaults(): Resource<SwitchedFault[]> {
  return useResource('faults', () => ask('GET /_local/faults'));
}

/** Uses the presets, each with whether it is on. */
export function usePresets(): Resource<Preset[]> {
  return useResource('fault presets', () => ask('GET /_local/faults/presets'));
}

/** Switches some on and some off, and leaves the others. */
export async function switchFaults(change: FaultChange): Promise<void> {
  await ask('POST /_local/faults', { body: change });
}

/** Switches a preset on or off. */
export async function playPreset(name: string, to: 'on' | 'off'): Promise<void> {
  await ask('POST /_local/faults/presets/{name}', { path: { name }, body: { to } });
}

/** Switches everything off. */
export async function clearFaults(presets: readonly Preset[]): Promise<void> {
  await ask('PUT /_local/faults', { body: [] });
  for (const { name, isOn } of presets) if (isOn) await playPreset(name, 'off');
}

/** All that goes wrong at present. */
export interface ActiveFaults {
  presets: Preset[];
  /** Faults beside those of the presets that are on; used-up ones are none. */
  others: SwitchedFault[];
}

/** Tells what goes wrong at present. */
export function activeFaults(
  faults: readonly SwitchedFault[],
  presets: readonly Preset[],
): ActiveFaults {
  const on = presets.filter(({ isOn }) => isOn);
  const theirs = new Set(on.flatMap((preset) => preset.faults.map(switchKey)));
  const others = faults.filter((fault) => fault.times !== 0 && !theirs.has(switchKey(fault)));
  return { presets: on, others };
}

/** Names a switch: two faults with one key are one switch, however often they still happen. */
export function switchKey({ at, kind, code, delayMs, probability }: Fault): string {
  return JSON.stringify([at, kind, code, delayMs, probability]);
}
