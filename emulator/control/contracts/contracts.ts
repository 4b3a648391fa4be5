import { callersOf, type FunctionName, wayIn } from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { answerMeanings, headMeanings } from '../../../shared/contract/meanings/answers.ts';
import {
  callerMeanings,
  functionMeanings,
  refusalsOf,
} from '../../../shared/contract/meanings/functions.ts';
import { abnormalMeanings, inputMeanings } from '../../../shared/contract/meanings/inputs.ts';
import { refusals } from '../../../shared/contract/refusals.ts';
import type { DescribedContract } from '../api/contracts.ts';
import { type AnswerFields, answerOf } from './answerFields.ts';
import { inputsOf, type Meanings } from './inputFields.ts';

/** Describes every function by its contract: nothing of it is written here. */
export function describeContracts(): DescribedContract[] {
  return (Object.keys(contracts) as FunctionName[]).map(describe);
}

function describe(name: FunctionName): DescribedContract {
  const { form, input } = contracts[name];
  const head: AnswerFields = form === 'http' ? {} : headMeanings;
  return {
    name,
    ...functionMeanings[name],
    form,
    callers: callersOf[name].map((kind) => ({
      kind,
      meaning: callerMeanings[kind],
      wayIn: wayIn[kind],
    })),
    inputs: inputsOf(input, { ...inputMeanings[name], ...innerMeanings(name) }),
    answer: answerOf({ ...head, ...answerMeanings[name] }),
    refusals: refusalsOf[name].map((code) => {
      const [advice, zh, en] = refusals[code];
      return { code, advice, meaning: { zh, en } };
    }),
  };
}

/** The meanings of fields within others, under both names. */
function innerMeanings(name: FunctionName): Meanings {
  if (name !== 'refund') return {};
  const inner = Object.entries(abnormalMeanings);
  return Object.fromEntries(inner.map(([key, meaning]) => [`abnormal.${key}`, meaning]));
}
