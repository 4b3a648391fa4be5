import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { signServiceCall } from '../../../shared/contract/serviceCall.ts';
import { type CommandContext, textOption } from '../context/framework.ts';
import { functionNameOf, openService } from '../context/open.ts';
import { DEFAULT_ALIAS } from '../resources/functionState.ts';
import type { Service } from '../service/service.ts';

/**
 * Runs `serverless invoke -f NAME`: calls the deployed function; `--service` signs as the
 * merchant's server.
 */
export async function invoke(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  const name = functionNameOf(context, service);
  const event = await readEvent(context, service, name);
  const { Result } = await cloud.scf('InvokeFunction', {
    FunctionName: name,
    Namespace: service.envId,
    Event: JSON.stringify(event),
    Qualifier: DEFAULT_ALIAS,
    LogType: 'Tail',
  });
  if (context.options.log === true && Result?.Log) context.utils.log.notice(Result.Log);
  if (Result?.ErrMsg) {
    throw new Error(`${name}: ${Result.ErrMsg} (${Result.FunctionRequestId ?? ''})`);
  }
  printAnswer(context, Result?.RetMsg ?? 'null');
}

/**
 * Prints a function's answer as it came; a refusal makes the process end with 1, so that scripts
 * notice it.
 */
export function printAnswer({ utils }: Pick<CommandContext, 'utils'>, answer: string): void {
  utils.writeText(answer);
  if (isRefusal(answer)) process.exitCode = 1;
}

/** Tells a refusal of ours, of a call by its `errCode`, of a callback by its status. */
function isRefusal(answer: string): boolean {
  const { errCode = 0, statusCode = 200 } = (parseJson(answer) ?? {}) as Record<string, unknown>;
  return errCode !== 0 || Number(statusCode) >= 400;
}

/** Reads the event of `--data` or `--path`, and signs it where `--service` asks for it. */
export async function readEvent(
  context: CommandContext,
  service: Service,
  name: string,
): Promise<unknown> {
  const path = textOption(context, 'path');
  const text = path
    ? await readFile(resolve(context.framework.serviceDir, path), 'utf8')
    : (textOption(context, 'data') ?? '{}');
  const data = parseData(text);
  if (context.options.service !== true) return data;
  const key = context.env.WXPAY_SERVICE_KEY;
  if (!key) {
    throw new Error(
      '--service 需要 WXPAY_SERVICE_KEY (set WXPAY_SERVICE_KEY to sign as your server)',
    );
  }
  const own = service.functions.find((fn) => fn.name === name)?.environment;
  const appid = own?.WXPAY_APPID || context.env.WXPAY_APPID;
  if (!appid)
    throw new Error('--service 需要 WXPAY_APPID (set WXPAY_APPID to sign as your server)');
  return signServiceCall({ name, envId: service.envId, appid }, data, key, context.nowMs());
}

function parseData(text: string): unknown {
  const data = parseJson(text);
  if (data === undefined) throw new Error('--data 不是 JSON (is no JSON)');
  return data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
