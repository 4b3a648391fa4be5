import { type CallerKind, callersOf } from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { environmentKeys } from '../../../shared/contract/environment.ts';

/** The facts about a function of ours that a deploy needs, from its contract. */
export interface FunctionContract {
  /** The way in which it is invoked. */
  form: 'call' | 'http' | 'timer';
  /** The environment keys that it reads, and may have. */
  keys: readonly string[];
  /** Whether a mini program may call it. An admin is a user too: the function tells them apart. */
  clientMayCall: boolean;
}

/** Lists every environment key that some function of ours reads. */
export const allEnvironmentKeys: readonly string[] = [
  ...new Set(Object.values(environmentKeys).flat()),
];

/** Looks a function up by its name; undefined for one that is not ours. */
export function contractOf(name: string): FunctionContract | undefined {
  if (!Object.hasOwn(contracts, name)) return undefined;
  const ownName = name as keyof typeof contracts;
  const callers: readonly CallerKind[] = callersOf[ownName];
  return {
    form: contracts[ownName].form,
    keys: environmentKeys[ownName],
    clientMayCall: callers.includes('user') || callers.includes('admin'),
  };
}
