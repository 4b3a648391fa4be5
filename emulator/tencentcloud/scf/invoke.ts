import type { Action, ActionDeps, Reply } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { VersionOutcome } from '../options.ts';
import { optionalText, type Params, requiredText } from '../wire/params.ts';
import { resolve } from './qualifier.ts';

/** `LogType: Tail` gives this much of the log. */
const LOG_BYTES_MAX = 4096;

/** The API numbers a function's failure so. Source: 583/42611, status codes of functions. */
const STATUS_CODES: Record<string, number> = {
  FUNCTIONS_EXECUTE_FAIL: 430,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 433,
  FUNCTIONS_MEMORY_LIMIT_EXCEEDED: 434,
  EXCEED_MAX_PAYLOAD_SIZE: 406,
  EXCEED_MAX_RESPONSE_SIZE: 407,
};

/** `Invoke`: runs `$LATEST`, or what Qualifier names, and waits. */
export const invoke: Action = {
  write: false,
  run: (params, deps) => {
    const type = optionalText(params, 'InvocationType') ?? 'RequestResponse';
    if (type !== 'RequestResponse') {
      throw notSimulated('InvalidParameterValue.Param', `InvocationType ${type}`);
    }
    return run(params, 'ClientContext', '$LATEST', deps);
  },
};

/** `InvokeFunction`: runs `$DEFAULT`, or what Qualifier names, and waits. */
export const invokeFunction: Action = {
  write: false,
  run: (params, deps) => run(params, 'Event', '$DEFAULT', deps),
};

async function run(
  params: Params,
  eventName: string,
  standard: string,
  { functions, options }: ActionDeps,
): Promise<Reply> {
  const name = requiredText(params, 'FunctionName');
  const state = functions.get(name);
  const { version, status } = resolve(state, optionalText(params, 'Qualifier') ?? standard);
  const isLatest = version === '$LATEST';
  if (isLatest ? status === 'Creating' || status === 'CreateFailed' : status !== 'Active') {
    throw refuse(
      isLatest
        ? 'FailedOperation.FunctionStatusError'
        : 'FailedOperation.FunctionVersionStatusNotActive',
      `函数 ${name} 的 ${version} 当前状态为 ${status}，不能运行 (it cannot run in this state)`,
    );
  }
  const event = eventOf(optionalText(params, eventName), eventName);
  const outcome = await options.invoke({ name, version, event });
  return { Result: resultOf(outcome, optionalText(params, 'LogType')) };
}

function eventOf(text: string | undefined, name: string): unknown {
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('InvalidParameterValue.Param', `${name} 应为 JSON 文本 (${name} must be JSON)`);
  }
}

function resultOf(outcome: VersionOutcome, logType: string | undefined) {
  const { requestId, durationMs, log, result, error } = outcome;
  const text = Buffer.from(log.join('\n'));
  return {
    Log:
      logType === 'Tail' ? text.subarray(Math.max(0, text.length - LOG_BYTES_MAX)).toString() : '',
    RetMsg: error ? failureText(error, requestId) : JSON.stringify(result ?? null),
    ErrMsg: error?.message ?? '',
    Duration: durationMs,
    BillDuration: Math.ceil(durationMs),
    MemUsage: 0, // The runner does not measure what an invocation used.
    FunctionRequestId: requestId,
    InvokeResult: error ? -1 : 0,
  };
}

function failureText({ code, message }: { code: string; message: string }, requestId: string) {
  const statusCode = STATUS_CODES[code] ?? 500;
  return JSON.stringify({ errorCode: -1, errorMessage: message, requestId, statusCode });
}
