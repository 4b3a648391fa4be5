import { isRefusal, type Result } from '../../contract/answer.ts';
import type { LogFields } from '../../ports/log.ts';
import type { FunctionInvocation } from './invocation.ts';
import { noteRefusal, refusalOfError } from './steps.ts';

/**
 * Logs the end of a use case whose caller was answered `DEADLINE` before, in a line of its own. It may
 * never come: the platform freezes an instance after its answer, so nothing relies on it.
 */
export async function logLateEnd(
  running: Promise<Result<object>>,
  invocation: FunctionInvocation,
): Promise<Result<object>> {
  try {
    const result = await running;
    if (invocation.isAnswered) printEnd(invocation, result);
    return result;
  } catch (error) {
    if (invocation.isAnswered) printEnd(invocation, refusalOfError(error, invocation));
    throw error;
  }
}

/** Prints what the invocation has added to its line, without the refusal that was answered early. */
function printEnd({ log, fields }: FunctionInvocation, result: Result<object>): void {
  const { errCode: _answered, retry: _advice, level: _level, ...known } = fields;
  const late: Partial<LogFields> = { ...known, late: true };
  const add = (more: Partial<LogFields>) => Object.assign(late, more);
  if (isRefusal(result)) noteRefusal({ log: { ...log, add }, fields: late }, result);
  log.line(late);
}
