import type { Refusal } from '../../contract/answer.ts';

/** Carries a refusal out of the pipeline's steps to the one that answers. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.refused);
    this.refusal = refusal;
  }
}
