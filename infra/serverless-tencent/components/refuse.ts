/**
 * The refusals of `engine: components`: what it cannot express is refused by name before anything
 * is sent, since a route or an access rule that is dropped in silence loses payments, or opens what
 * should be closed.
 */
import { resources } from '../../resources.ts';
import type { CommandOptions } from '../context/framework.ts';
import { DeployRefusal } from '../resources/resource.ts';
import { contractOf } from '../service/contractOf.ts';
import type { Service, ServiceFunction } from '../service/service.ts';

/** Options of `deploy` and `remove` that only `engine: api` keeps. */
const REFUSED_OPTIONS: Readonly<Record<string, string>> = {
  prune: '该引擎不知道云端还有什么 (the engine does not know what else is there)',
  adopt: '该引擎总是覆盖同名函数 (the engine always overwrites functions of the same name)',
  unset: '该引擎不读取云端的环境变量 (the engine does not read the environment in the cloud)',
  'dry-run': '该引擎不能预览 (the engine cannot plan)',
  'renew-cache': '该引擎没有代码缓存 (the engine has no code caches)',
  watch: '该引擎不能只部署一个函数 (the engine cannot deploy one function alone)',
  data: '该引擎不管理集合 (the engine manages no collections)',
};

/** The engine's own fields beside the instances: a function of that name would replace one. */
const RESERVED_NAMES = ['name', 'org', 'app', 'stage'];

/**
 * Throws a {@link DeployRefusal} for a command (`plan`, `rollback function`) that this engine
 * lacks.
 */
export function refuseCommand(command: string): never {
  throw engineRefusal([
    `serverless ${command}: 该引擎只有 deploy 与 remove。去掉 provider.engine 后可用 ` +
      '(this engine has deploy and remove alone; without provider.engine it works)',
  ]);
}

/** Throws a {@link DeployRefusal} that names every option that this engine does not have. */
export function refuseOptions(options: CommandOptions): void {
  const used = Object.entries(REFUSED_OPTIONS).filter(([flag]) => isSet(options[flag]));
  if (used.length > 0) throw engineRefusal(used.map(([flag, reason]) => `--${flag}: ${reason}`));
}

/** Throws a {@link DeployRefusal} that names all that `serverless.yml` asks beyond this engine. */
export function refuseUnsupported(service: Service): void {
  const parts = listUnsupported(service);
  if (parts.length > 0) throw engineRefusal(parts);
}

/**
 * Lists all that `serverless.yml` asks and the engine cannot express: its path, why, and the way
 * out.
 */
export function listUnsupported(service: Service): string[] {
  const ownCollections = Object.keys(service.collections).filter(
    (name) => !Object.hasOwn(resources.collections, name),
  );
  return [
    ...(service.domain === undefined
      ? []
      : ['provider.domain: 该引擎不管理 HTTP 访问域名，删去 (no access domains: leave it out)']),
    ...(service.storage === 'private'
      ? []
      : ['provider.storage: 该引擎不管理云存储权限，删去 (no storage rule: leave it out)']),
    ...(service.codeCache
      ? ['provider.codeCache: 该引擎不能调用函数，删去 (it cannot invoke a function: leave it out)']
      : []),
    ...ownCollections.map(
      (name) =>
        `collections.${name}: 该引擎不管理集合，删去并手动创建 (no collections: make it by hand)`,
    ),
    ...service.functions.flatMap((fn) =>
      unsupportedFunctionParts(fn).map((part) => `functions.${fn.name}${part}`),
    ),
  ];
}

function unsupportedFunctionParts(fn: ServiceFunction): string[] {
  const isOwn = contractOf(fn.name) === undefined;
  const substituted = Object.entries(fn.environment).filter(([, value]) => value.includes('${'));
  return [
    ...fn.routes.map(
      ({ path }) =>
        `.events.http ${path}: 该引擎不能创建 HTTP 访问路由，照此部署会收不到支付通知。` +
        '为它另备一份不含 events.http 的 yml（serverless deploy --config），路由在控制台手动创建 ' +
        '(no routes, so notifications would be lost: keep a yml without events.http for this engine, ' +
        'and make the route by hand)',
    ),
    ...(isOwn && !fn.clientMayCall
      ? ['.access: 该引擎不写云函数安全规则，删去并手动设置 (no function rules: set it by hand)']
      : []),
    ...substituted.map(
      ([key]) =>
        `.environment.${key}: 值中有 \${，会被平台当作变量替换 (the platform would replace what follows \${)`,
    ),
    ...(RESERVED_NAMES.includes(fn.name)
      ? [': 该引擎保留此名，改名 (the engine keeps this name for itself: rename it)']
      : []),
  ];
}

function engineRefusal(lines: readonly string[]): DeployRefusal {
  return new DeployRefusal(
    'ENGINE_COMPONENTS',
    '以下各项 engine: components 做不到，未发送任何请求 ' +
      `(engine: components cannot do this; nothing was sent):\n${lines.map((line) => `  ${line}`).join('\n')}\n` +
      '默认引擎 engine: api 全部支持 (the default, engine: api, does all of it)',
  );
}

function isSet(value: CommandOptions[string] | null): boolean {
  return value !== undefined && value !== null && value !== false && value !== '';
}
