import { type Refusal, refuse } from '../errors.ts';

/** The simple permissions of a collection or a bucket, as the API documents name them. */
export const levels = ['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY'];

/** Tells whether a text is one of {@link levels}. */
export function isLevel(text: string): boolean {
  return levels.includes(text);
}

/** The refusal of any other text. */
export function levelFault(text: string): Refusal {
  const known = levels.join(', ');
  return refuse('InvalidParameterValue', `权限 ${text} 应为 ${known} 之一 (one of ${known})`);
}
