import { type RefusalError, refuse } from '../errors.ts';

/** The simple permissions of a collection or a bucket, as the API documents name them. */
export const LEVELS = ['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY'];

/** Checks whether a text is one of {@link LEVELS}. */
export function isLevel(text: string): boolean {
  return LEVELS.includes(text);
}

/** Refuses any other text. */
export function levelFault(text: string): RefusalError {
  const known = LEVELS.join(', ');
  return refuse('InvalidParameterValue', `权限 ${text} 应为 ${known} 之一 (one of ${known})`);
}
