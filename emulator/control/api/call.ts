import type * as z from 'zod/mini';

/**
 * The words of one call of the control API: what it does, what it takes, what it answers. Its route, the
 * OpenAPI document and the console's types are made of these.
 */
export interface Call {
  /** Chinese, then English. */
  summary: string;
  query?: z.ZodMiniType;
  body?: z.ZodMiniType;
  /** Left out where the answer is no JSON. */
  answer?: z.ZodMiniType;
  /** The type of a body, and of an answer, that is a file. */
  bodyFile?: string;
  file?: string;
}
