import middy from '@middy/core';
import type { Result } from '../../contract/answer.ts';
import type { Contract } from '../../contract/contract.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Invocation, UseCaseDeps } from '../../usecases/step/deps.ts';
import type { Config } from '../config.ts';
import { beginInvocation, type FunctionInvocation, type ScfContext } from './invocation.ts';
import { logLine } from './logLine.ts';
import { RefusalError } from './refusalError.ts';
import { answer, authorise, identify, type Step, validate } from './steps.ts';

/** A use case, as a function runs it. */
export type Run<I> = (input: I, tools: UseCaseDeps, call: Invocation) => Promise<Result<object>>;

/** What SCF calls. */
export type Main = (event: unknown, context: unknown) => Promise<unknown>;

/** What a function stands on; the machine's own, or a test's. */
export interface EndpointDeps {
  config: Pick<Config, 'adminOpenids' | 'serviceKey'>;
  depsOf(frame: FunctionInvocation): UseCaseDeps;
  clock: Clock;
  print(line: string): void;
}

/** What is left for answering when time runs out. */
const TIMEOUT_EARLY_MS = 250;

/** Builds a function: one pipeline around one use case, which always answers and never throws. */
export function pipeline<I>(contract: Contract<I>, run: Run<I>, around: EndpointDeps): Main {
  const { config, depsOf: toolsFor, clock, print } = around;
  const handle = pipelineOf([
    logLine(contract.name, clock.monotonicMs, print),
    answer(contract),
    identify(contract.name, config, clock),
    authorise(contract),
    validate(contract),
  ]).handler((input, frame) => run(input as I, toolsFor(frame), frame));
  return (event, context) => {
    const given = typeof context === 'object' && context !== null ? context : {};
    return handle(event, beginInvocation(given as ScfContext, contract.form, clock.monotonicMs));
  };
}

/** middy as we use it: its own types speak of AWS's context, ours carries the frame. */
interface Pipeline {
  (event: unknown, frame: FunctionInvocation): Promise<unknown>;
  use(step: Step): Pipeline;
  handler(run: (input: unknown, frame: FunctionInvocation) => Promise<object>): Pipeline;
}

function pipelineOf(steps: readonly Step[]): Pipeline {
  const options = {
    timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
    timeoutEarlyResponse: () => {
      throw new RefusalError(refuse('DEADLINE'));
    },
  };
  const built = middy(options as Parameters<typeof middy>[0]) as unknown as Pipeline;
  for (const step of steps) built.use(step);
  return built;
}
