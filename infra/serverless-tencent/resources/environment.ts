import type { Cloud } from '../cloud/cloud.ts';
import type { Database } from './collections.ts';
import type { LogTopic } from './desiredFunction.ts';
import { DeployRefusal } from './resource.ts';

/** The CloudBase environment (云开发环境) that everything is deployed to. */
export interface CloudEnvironment {
  status: string;
  region: string;
  database: Database;
  bucket: string;
  logTopic: LogTopic;
}

/** Reads the environment; throws a {@link DeployRefusal} when it is not there. */
export async function readEnvironment(cloud: Cloud, envId: string): Promise<CloudEnvironment> {
  const { EnvList = [] } = await cloud.tcb('DescribeEnvs', { EnvId: envId });
  const found = EnvList.find((env) => env.EnvId === envId);
  if (!found) {
    throw new DeployRefusal(
      'ENVIRONMENT_MISSING',
      `没有环境 ${envId}：检查 TCB_ENV_ID（需完整 ID）、密钥所属账号与 provider.region ` +
        '(no such environment: check the whole id, whose key pair this is, and the region)',
    );
  }
  const log = found.LogServices?.[0];
  return {
    status: found.Status ?? '',
    region: found.Region ?? '',
    database: { envId, instanceId: found.Databases?.[0]?.InstanceId ?? '' },
    bucket: found.Storages?.[0]?.Bucket ?? '',
    logTopic: { clsLogsetId: log?.LogsetId ?? '', clsTopicId: log?.TopicId ?? '' },
  };
}
