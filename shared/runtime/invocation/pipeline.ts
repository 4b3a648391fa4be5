import middy from '@middy/core';
import type { Result } from '../../contract/answer.ts';
import type { Contract } from '../../contract/contract.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogFields } from '../../ports/log.ts';
import { thenDeliver } from '../../usecases/event/startDelivery.ts';
import type { Invocation, UseCaseDeps } from '../../usecases/step/deps.ts';
import { beginInvocation, type FunctionInvocation } from './invocation.ts';
import { logLateEnd } from './lateEnd.ts';
import { logLine } from './logLine.ts';
import { RefusalError } from './refusalError.ts';
import { answer, authorise, type IdentifyConfig, identify, type Step, validate } from './steps.ts';

/** A use case, as a function runs it. */
export type UseCase<I> = (
  input: I,
  deps: UseCaseDeps,
  invocation: Invocation,
) => Promise<Result<object>>;

/** The export of a deployed function, which SCF calls. */
export type Main = (event: unknown, context: unknown) => Promise<unknown>;

/** A function needs these of the world: the machine's own, or a test's. */
export interface EndpointDeps {
  config: IdentifyConfig;
  depsOf(invocation: FunctionInvocation): UseCaseDeps;
  clock: Clock;
  print(line: string): void;
}

/** The time before the deadline that is reserved for the answer. */
const TIMEOUT_EARLY_MS = 250;

/** Builds a function: one pipeline around one use case, which always answers and never throws. */
export function pipeline<I>(contract: Contract<I>, useCase: UseCase<I>, deps: EndpointDeps): Main {
  const { config, depsOf, clock, print } = deps;
  const { monotonicMs } = clock;
  const printLine = (fields: Partial<LogFields>) =>
    print(JSON.stringify(Object.assign({ level: 'info', function: contract.name }, fields)));
  const run = contract.dependsOn.includes('deliveries') ? thenDeliver(useCase) : useCase;
  const runUseCase = (input: unknown, invocation: FunctionInvocation) =>
    logLateEnd(run(input as I, depsOf(invocation), invocation), invocation);
  const handle = pipelineOf([
    logLine(contract.name, clock.monotonicMs, print),
    answer(contract),
    identify(contract.name, config, clock),
    authorise(contract),
    validate(contract),
  ]).handler(runUseCase);
  return function main(event, context) {
    const scfContext = typeof context === 'object' && context !== null ? context : {};
    return handle(event, beginInvocation(scfContext, contract.form, { monotonicMs, printLine }));
  };
}

/** Types middy as we use it: its own types have AWS's context, ours the invocation. */
interface Pipeline {
  (event: unknown, invocation: FunctionInvocation): Promise<unknown>;
  use(step: Step): Pipeline;
  handler(run: (input: unknown, invocation: FunctionInvocation) => Promise<object>): Pipeline;
}

function pipelineOf(steps: readonly Step[]): Pipeline {
  const options = {
    timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
    timeoutEarlyResponse: () => {
      throw new RefusalError(refuse('DEADLINE'));
    },
  };
  const built = middy(options as Parameters<typeof middy>[0]) as unknown as Pipeline;
  return built.use(oneStepOf(steps));
}

/** Makes one step of several, in middy's order: none waits for anything, and middy waits after each of its own. */
function oneStepOf(steps: readonly Step[]): Step {
  const backwards = [...steps].reverse();
  return {
    before: (request) => {
      for (const step of steps) step.before?.(request);
    },
    after: (request) => {
      for (const step of backwards) step.after?.(request);
    },
    onError: (request) => {
      for (const step of backwards) step.onError?.(request);
    },
  };
}
