import type { AnswerOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

/** Uses the facts about this world: merchant, functions, deploy, who names prices. */
export function useWorld(): Resource<AnswerOf<'GET /_local/world'>> {
  return useResource('world', () => ask('GET /_local/world'));
}
