import type { Action, ApiService } from '../action.ts';
import { refuse } from '../errors.ts';
import type { TencentCloudOptions } from '../options.ts';
import { optionalObject, optionalText, type Params, requiredText } from '../wire/params.ts';

/** The document database of the environment. */
export const DATABASE_ID = 'tnt-local';

/** Names the bucket of its cloud storage. */
export function bucketOf({ envId }: TencentCloudOptions): string {
  return `${envId}-storage`;
}

/** The log topic of the environment. */
export const LOG_TOPIC = { TopicId: 'topic-local', TopicName: 'tcb-topic' };

/** `DescribeEnvs`: the one environment; a foreign EnvId gives an empty list. */
export const describeEnvs: Action = {
  write: false,
  anywhere: true,
  run: (params, { options }) => {
    const wanted = optionalText(params, 'EnvId') ?? options.envId;
    const list = wanted === options.envId ? [environmentOf(options)] : [];
    return { EnvList: list, Total: list.length };
  },
};

function environmentOf(options: TencentCloudOptions) {
  const { envId: EnvId, region: Region } = options;
  return {
    EnvId,
    Region,
    Source: 'miniapp',
    Alias: EnvId,
    Status: 'NORMAL',
    IsDefault: true,
    EnvType: 'baas',
    Databases: [{ InstanceId: DATABASE_ID, Status: 'RUNNING', Region }],
    Storages: [{ Bucket: bucketOf(options), Region, CdnDomain: '', AppId: '' }],
    Functions: [{ Namespace: EnvId, Region }],
    LogServices: [{ LogsetId: 'logset-local', LogsetName: 'tcb', ...LOG_TOPIC, Region, Period: 7 }],
  };
}

/** Refuses requests for another environment, or for another database in it. */
export const admitEnvironment: ApiService['admit'] = (params, { envId }) => {
  const wanted = requiredText(params, 'EnvId');
  if (wanted !== envId) {
    throw refuse(
      'ResourceNotFound.EnvNotExist',
      `没有环境 ${wanted}，本地云只有 ${envId} (there is no such environment, only ${envId})`,
    );
  }
  checkDatabase(params);
};

function checkDatabase(params: Params): void {
  const connector = optionalObject(params, 'MongoConnector') ?? {};
  const named: [string, string | undefined, string][] = [
    ['MongoConnector.InstanceId', optionalText(connector, 'InstanceId'), 'flexdb'],
    ['MongoConnector.DatabaseName', optionalText(connector, 'DatabaseName'), DATABASE_ID],
    ['Tag', optionalText(params, 'Tag'), DATABASE_ID],
  ];
  for (const [name, actual, expected] of named) {
    if (actual === undefined || actual === expected) continue;
    throw refuse(
      'InvalidParameter',
      `${name} 应为 ${expected}，见 DescribeEnvs 的 Databases (it should be ${expected})`,
    );
  }
}
