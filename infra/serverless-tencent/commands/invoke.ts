import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { signServiceCall } from '../../../shared/contract/serviceCall.ts';
import { type Session, textOption } from '../context/framework.ts';
import { namedFunction, opened } from '../context/open.ts';
import { DEFAULT_ALIAS } from '../resources/functionState.ts';

/** `serverless invoke -f NAME`: calls what is deployed; `--service` signs as the merchant's server. */
export async function invoke(session: Session): Promise<void> {
  const { service, cloud } = opened(session);
  const name = namedFunction(session, service);
  const event = await eventOf(session, name);
  const { Result } = await cloud.scf('InvokeFunction', {
    FunctionName: name,
    Namespace: service.envId,
    Event: JSON.stringify(event),
    Qualifier: DEFAULT_ALIAS,
    LogType: 'Tail',
  });
  if (session.options.log === true && Result?.Log) session.utils.log.notice(Result.Log);
  if (Result?.ErrMsg) {
    throw new Error(`${name}: ${Result.ErrMsg} (${Result.FunctionRequestId ?? ''})`);
  }
  session.utils.writeText(Result?.RetMsg ?? 'null');
}

/** The event of `--data` or `--path`, signed where `--service` asks for it. */
export async function eventOf(session: Session, name: string): Promise<unknown> {
  const path = textOption(session, 'path');
  const text = path
    ? await readFile(resolve(session.framework.serviceDir, path), 'utf8')
    : (textOption(session, 'data') ?? '{}');
  const data = parsed(text);
  if (session.options.service !== true) return data;
  const key = session.env.WXPAY_SERVICE_KEY;
  if (!key) {
    throw new Error(
      '--service 需要 WXPAY_SERVICE_KEY (set WXPAY_SERVICE_KEY to sign as your server)',
    );
  }
  return signServiceCall(name, data, key, session.nowMs());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('--data 不是 JSON (is no JSON)');
  }
}
