import { COUNTERS, type LogFields } from '../../ports/log.ts';
import type { FunctionInvocation } from './invocation.ts';
import type { Step } from './steps.ts';

/** Prints the one wide line of an invocation, last of all; only fields of the port can be in it. */
export function logLine(
  name: string,
  monotonicMs: () => number,
  print: (line: string) => void,
): Step {
  let cold = true;
  const write = (context: FunctionInvocation) => {
    const { requestId, startedMs, fields } = context;
    const head: Partial<LogFields> = { level: 'info', function: name, requestId };
    const line = Object.assign(head, fields);
    line.ms = Math.round(monotonicMs() - startedMs);
    if (cold) line.coldStart = true;
    cold = false;
    print(JSON.stringify(line));
    context.isAnswered = true;
  };
  return {
    after: ({ context }) => write(context),
    onError: ({ context }) => {
      write(context);
      // The use case may go on after `DEADLINE`: its late line counts only what comes after this one.
      for (const counter of COUNTERS) delete context.fields[counter];
    },
  };
}
