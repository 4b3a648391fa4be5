import { RefusalError, refuse } from '../errors.ts';
import { optionalText, requiredText } from '../wire/fields.ts';
import type { Action } from './action.ts';

/** `functions.invokeFunction`: one function calls another; data and answer are JSON. */
export const invokeFunction: Action = {
  recorded: true,
  run: async ({ fields, source, request }, { invoke }) => {
    const name = requiredText(fields, 'function_name');
    const data = parseData(optionalText(fields, 'request_data') ?? '{}');
    const token = optionalText(fields, 'wxCloudApiToken');
    const answer = await invoke({ name, data, source, token, gone: request.signal });
    if ('error' in answer) throw new RefusalError(answer.error.code, answer.error.message);
    return {
      kind: 'reply',
      reply: { data: { response_data: JSON.stringify(answer.result ?? null) } },
      about: { subject: name, detail: { source } },
    };
  },
};

function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse.malformed('request_data is not JSON');
  }
}
