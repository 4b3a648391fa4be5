import type { AnswerOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

export type Play = AnswerOf<'POST /_local/scenarios/play'>;
export type Line = AnswerOf<'GET /_local/scenarios'>['scenarios'][number];

/** Uses the scenarios, and what is recorded or played now. */
export function useScenarios(): Resource<AnswerOf<'GET /_local/scenarios'>> {
  return useResource('scenarios', () => ask('GET /_local/scenarios'));
}

/** Stops a recording and keeps it. */
export function stopRecording(name: string): Promise<object> {
  return ask('POST /_local/scenarios/{name}/stop', { path: { name } });
}

/** Forgets a scenario, or what is being recorded under its name. */
export function removeScenario(name: string): Promise<object> {
  return ask('DELETE /_local/scenarios/{name}', { path: { name } });
}
