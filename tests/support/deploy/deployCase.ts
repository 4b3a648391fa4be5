import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipBundle } from '../../../infra/build/zip.ts';
import type { Cloud } from '../../../infra/serverless-tencent/cloud/cloud.ts';
import { type Deployment, deployAll } from '../../../infra/serverless-tencent/deploy/deployment.ts';
import { publishedVersions } from '../../../infra/serverless-tencent/resources/functionState.ts';
import type { DeployOptions, Step } from '../../../infra/serverless-tencent/resources/resource.ts';
import { readService } from '../../../infra/serverless-tencent/service/service.ts';
import { type BareCloud, ENV_ID } from '../bareCloud.ts';

/** The changes that a case makes to the usual deployment. */
export interface Change {
  /** The code by function; another text is other code. */
  code?: Record<string, string>;
  environment?: Record<string, string>;
  functions?: Record<string, object>;
  collections?: Record<string, object>;
  provider?: Record<string, string | number | boolean>;
  options?: Partial<DeployOptions>;
}

const functions: Record<string, object> = {
  unifiedOrder: { handler: 'functions/unifiedOrder/index.main' },
  queryOrder: { handler: 'functions/queryOrder/index.main' },
  payCallback: {
    handler: 'functions/payCallback/index.main',
    timeout: 10,
    events: [{ http: { path: '/pay/notify' } }],
  },
  closeStaleOrders: {
    handler: 'functions/closeStaleOrders/index.main',
    timeout: 55,
    events: [{ timer: { name: 'every-minute', cron: '0 * * * * * *' } }],
  },
};

/**
 * Makes a deployment of four functions as `serverless.yml` would describe it, with the changes of a
 * case.
 */
export function deploymentOf(cloud: Cloud, change: Change = {}): Deployment {
  const service = readService({
    service: 'wx-pay',
    provider: {
      region: 'ap-shanghai',
      envId: ENV_ID,
      runtime: 'Nodejs20.19',
      environment: { WXPAY_MCHID: '1900000109', ...change.environment },
      ...change.provider,
    },
    functions: change.functions ?? functions,
    ...(change.collections ? { collections: change.collections } : {}),
  });
  const source = (name: string) =>
    `exports.main = async () => ${JSON.stringify(change.code?.[name] ?? 'first')};`;
  const code = new Map(
    service.functions.map(({ name }) => [name, zipBundle(Buffer.from(source(name)))]),
  );
  const options = { prune: false, adopt: false, unset: [], renewCache: false, ...change.options };
  return { cloud, service, code, options };
}

/** Lists the functions of the usual deployment, one of them changed or left out. */
export function functionsWith(changed: Record<string, object | undefined>) {
  const all: [string, object | undefined][] = Object.entries({ ...functions, ...changed });
  return Object.fromEntries(all.filter((pair): pair is [string, object] => pair[1] !== undefined));
}

const silent = { onStart: () => {}, onDone: () => {} };

/** Deploys; answers the steps taken and the writes that the cloud counted. */
export async function deployTo(
  { cloud, tencentcloud }: BareCloud,
  change: Change = {},
): Promise<{ steps: string[]; writes: string[] }> {
  tencentcloud.forgetCalls();
  const steps = await deployAll(deploymentOf(cloud, change), silent);
  return { steps: steps.map(textOf), writes: writesOf(tencentcloud) };
}

function textOf({ subject, action: does }: Step): string {
  return `${subject}: ${does}`;
}

/** Lists the writes since the calls were forgotten, `action subject`. */
export function writesOf({ calls }: BareCloud['tencentcloud']): string[] {
  return calls()
    .filter(({ write }) => write)
    .map(({ action, subject }) => `${action.replace(/^\w+\./, '')} ${subject}`);
}

/** Reads everything that is deployed in the environment, through the API by the real SDK. */
export async function readSnapshot({ cloud, tencentcloud, cloudbase }: BareCloud) {
  const { Functions = [] } = await cloud.scf('ListFunctions', { Namespace: ENV_ID, Limit: 100 });
  const names = Functions.map(({ FunctionName = '' }) => FunctionName).sort();
  const functionsThere = [];
  for (const name of names) {
    const address = { FunctionName: name, Namespace: ENV_ID };
    const { FunctionVersion: serving = '' } = await cloud.scf('GetAlias', {
      ...address,
      Name: '$DEFAULT',
    });
    const { Triggers = [] } = await cloud.scf('ListTriggers', { ...address, Limit: 100 });
    functionsThere.push({
      name,
      latest: await configurationOf(cloud, { ...address, Qualifier: '$LATEST' }),
      served: await configurationOf(cloud, { ...address, Qualifier: serving }),
      versions: await publishedVersions(cloud, ENV_ID, name),
      serving,
      // Made side by side: which comes first is chance.
      triggers: Triggers.sort(byName).map(({ TriggerName, TriggerDesc, Enable, Qualifier }) => {
        return { TriggerName, TriggerDesc, Enable, Qualifier };
      }),
    });
  }
  const { Domains = [] } = await cloud.tcb('DescribeHTTPServiceRoute', { EnvId: ENV_ID });
  const rules = await permissionOf(cloud, 'function');
  return {
    functions: functionsThere,
    code: tencentcloud
      .deployed()
      .filter(({ isDefault }) => isDefault)
      .map(({ name, file }) => [name, codeIn(file)]),
    routes: Domains.flatMap(({ Routes = [] }) =>
      Routes.map(({ CreateTime: _created, UpdateTime: _updated, ...route }) => route),
    ).sort((a, b) => (a.Path ?? '').localeCompare(b.Path ?? '')),
    rules: rules === '' ? {} : (JSON.parse(rules) as Record<string, unknown>),
    storage: await permissionOf(cloud, 'storage', [await bucketOf(cloud)]),
    collections: cloudbase.collections().sort((a, b) => a.name.localeCompare(b.name)),
    acl: await aclsOf(cloud, cloudbase.collections()),
  };
}

/** Names the code of a package; of one with a cache the bundle, since no cache is like another to the byte. */
function codeIn(file: string): string | undefined {
  const bundle = join(dirname(file), 'bundle.js');
  if (!existsSync(bundle)) return file.split('/').at(-2);
  const kind = existsSync(join(dirname(file), 'bundle.cache')) ? 'cached' : 'maker';
  return `${kind} ${createHash('sha256').update(readFileSync(bundle)).digest('hex')}`;
}

const byName = (a: { TriggerName?: string }, b: { TriggerName?: string }) =>
  (a.TriggerName ?? '').localeCompare(b.TriggerName ?? '');

async function configurationOf(
  cloud: Cloud,
  address: { FunctionName: string; Namespace: string; Qualifier: string },
) {
  const found = await cloud.scf('GetFunction', address);
  const { Timeout, MemorySize, Runtime, Role, ClsTopicId, Status } = found;
  const environment = (found.Environment?.Variables ?? []).sort((a, b) =>
    (a.Key ?? '').localeCompare(b.Key ?? ''),
  );
  // The cache of a function is another one each time.
  const Description = found.Description?.replace(/, cache [0-9a-f]{16}$/, ', cache');
  return { Description, Timeout, MemorySize, Runtime, Role, ClsTopicId, Status, environment };
}

async function bucketOf(cloud: Cloud): Promise<string> {
  const { EnvList = [] } = await cloud.tcb('DescribeEnvs', { EnvId: ENV_ID });
  return EnvList[0]?.Storages?.[0]?.Bucket ?? '';
}

async function permissionOf(
  cloud: Cloud,
  ResourceType: 'function' | 'storage',
  Resources: string[] = [],
) {
  const { Data } = await cloud.tcb('DescribeResourcePermission', {
    EnvId: ENV_ID,
    ResourceType,
    ...(Resources.length > 0 ? { Resources } : {}),
  });
  const [first] = Data?.PermissionList ?? [];
  return (ResourceType === 'function' ? first?.SecurityRule : first?.Permission) ?? '';
}

async function aclsOf(cloud: Cloud, tables: { name: string }[]) {
  const all = tables.map(async ({ name }) => {
    const { AclTag } = await cloud.tcb('DescribeDatabaseACL', {
      EnvId: ENV_ID,
      CollectionName: name,
    });
    return [name, AclTag] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
