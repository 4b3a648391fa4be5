import type { api as chinese } from '../zh/api.ts';

/** Words of the API page, in English. */
export const api: typeof chinese = {
  title: 'API',
  intro:
    'Each function: who may call it, its fields with type, limits and meaning, the answer, errors with advice. Made of the contracts.',
  functions: 'Functions',
  forms: { call: 'Call', http: 'HTTP route', timer: 'Timer' },
  callers: 'Who may call it',
  input: 'Input',
  formOf: (index, count) => `Input (form ${index} of ${count})`,
  answer: 'Answer',
  refusals: 'Errors',
  refusalsHint:
    'Refusals of ours; codes of WeChat’s are passed on as they are, see the page of errors.',
  noRefusals: 'WeChat or a timer calls it, and is answered by no code.',
  kinds: {
    text: 'text',
    number: 'number',
    boolean: 'yes or no',
    list: 'list',
    object: 'object',
    any: 'any JSON',
  },
  required: 'required',
  optional: 'optional',
  sometimes: 'may be absent',
  initial: (value) => `${value} where it is left out`,
  advice: {
    never: 'do not repeat',
    same_request: 'repeat the same request',
    query_first: 'query first',
  },
  tryIt: 'Try it',
  as: 'As whom',
  roles: { user: 'Payer', admin: 'Admin', service: 'Server (signed)', stranger: 'Stranger' },
  data: 'Parameters (JSON)',
  notJson: 'This is no JSON: look at quotes and commas',
  call: 'Call',
  copyCurl: 'Copy as curl',
  result: 'Result',
  log: 'Log',
  took: (ms) => `${ms} ms`,
  done: 'Done',
  refused: 'Rejected',
  failed: 'The function did not answer',
  notCallable:
    'WeChat calls this function over HTTP. To see what becomes of a notification, use the signature doctor.',
  toSignature: 'To the signature doctor',
  unknown: 'There is no such function',
};
