import { contracts } from '../../../shared/contract/contracts.ts';
import type { IndexResource } from '../../resources.ts';
import type { Service } from '../service/service.ts';

/** The path at which each callback is reached, and the key that may say otherwise. */
const CALLBACK_PATHS: Record<string, readonly [key: string, path: string]> = {
  payCallback: ['WXPAY_NOTIFY_URL', '/pay/notify'],
  refundCallback: ['WXPAY_REFUND_NOTIFY_URL', '/refund/notify'],
};

/**
 * Lists what the functions need and `engine: components` does not make, as plain lines for a person
 * with the console open: collections with their indexes, function rules, the callback's route, the
 * storage rule.
 */
export function listManualSteps(service: Service): string[] {
  const closed = service.functions.filter((fn) => !fn.clientMayCall).map(({ name }) => name);
  return [
    ...Object.entries(service.collections).flatMap(([name, { acl, indexes }]) => [
      `集合 (collection) ${name}: ${acl}`,
      ...indexes.map((index) => `  索引 (index) ${indexText(index)}`),
    ]),
    ...(closed.length > 0
      ? [
          `云函数安全规则 (function rules): {"*": {"invoke": "auth != null"}, ${closed
            .map((name) => `"${name}": {"invoke": false}`)
            .join(', ')}}`,
        ]
      : []),
    ...service.functions
      .filter(({ name }) => isCallback(name))
      .map(
        ({ name }) =>
          `HTTP 访问路由 (route) ${pathOf(name, service)} → ${name}，不鉴权 (no authentication)`,
      ),
    '云存储权限 (storage rule): PRIVATE',
    '环境变量：以 serverless.yml 为准，控制台中另设的值可能被清除 ' +
      '(environment: as serverless.yml says; values set in the console may be lost)',
  ];
}

function indexText({ name, keys, unique, sparse }: IndexResource): string {
  const fields = Object.entries(keys).map(([key, direction]) => `${key} ${direction}`);
  const traits = [...(unique ? ['unique'] : []), ...(sparse ? ['sparse'] : [])];
  return [`${name} (${fields.join(', ')})`, ...traits].join(' ');
}

function isCallback(name: string): boolean {
  const byName: Record<string, { form: string }> = contracts;
  return Object.hasOwn(byName, name) && byName[name]?.form === 'http';
}

function pathOf(name: string, { functions }: Service): string {
  const [key = '', path = ''] = CALLBACK_PATHS[name] ?? [];
  // The function that asks for a refund has the address, the one that is notified has not.
  const url = functions.map(({ environment }) => environment[key]).find((value) => value);
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : path;
}
