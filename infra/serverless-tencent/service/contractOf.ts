import {
  type CallerKind,
  callersOf,
  callersOfSamples,
  type SampleName,
} from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { environmentKeys, sampleKeys } from '../../../shared/contract/environment.ts';

/** The facts about a function of ours that a deploy needs, from its contract. */
export interface FunctionContract {
  /** The way in which it is invoked. */
  form: 'call' | 'http' | 'timer';
  /** The environment keys that it reads, and may have; a sample may have others beside. */
  keys: readonly string[];
  /** The merchant edits it. */
  isSample: boolean;
  /** Whether a mini program may call it. An admin is a user too: the function tells them apart. */
  clientMayCall: boolean;
}

/** Lists every environment key that some function of ours reads. */
export const allEnvironmentKeys: readonly string[] = [
  ...new Set([environmentKeys, sampleKeys].flatMap((keys) => Object.values(keys).flat())),
];

/** Looks a function up by its name; undefined for one that is not ours. */
export function contractOf(name: string): FunctionContract | undefined {
  if (Object.hasOwn(callersOfSamples, name)) {
    const sample = name as SampleName;
    const clientMayCall = includesUsers(callersOfSamples[sample]);
    return { form: 'call', keys: sampleKeys[sample], isSample: true, clientMayCall };
  }
  if (!Object.hasOwn(contracts, name)) return undefined;
  const ownName = name as keyof typeof contracts;
  return {
    form: contracts[ownName].form,
    keys: environmentKeys[ownName],
    isSample: false,
    clientMayCall: includesUsers(callersOf[ownName]),
  };
}

function includesUsers(callers: readonly CallerKind[]): boolean {
  return callers.includes('user') || callers.includes('admin');
}
