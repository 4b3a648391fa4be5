import type { AnswerOf } from '../../control/api/controlApi.ts';

/** One thing that happened, as the timeline has it. */
export type Entry = AnswerOf<'GET /_local/events'>[number];
