/** Holds what decides about stored documents to be pure: the same arguments give the same decision. */
import { isDeepStrictEqual } from 'node:util';
import { decider } from '../../shared/usecases/step/change.ts';

const decideOnce = decider.call;

decider.call = (decide, stored, now) => {
  const decided = decideOnce(decide, stored, now);
  if (!isDeepStrictEqual(decideOnce(decide, stored, now), decided)) {
    throw new Error(`not a pure decision: ${decide}`);
  }
  return decided;
};
