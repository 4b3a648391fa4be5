/** What the cloud has: a small reader for each thing that a check asks about. */
import { signServiceCall } from '../../../../shared/contract/serviceCall.ts';
import { beijingTime } from '../../cloud/beijing.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { CloudError } from '../../cloud/cloudError.ts';
import { type Database, readAcl, readIndexes } from '../../resources/collections.ts';
import { DEFAULT_ALIAS } from '../../resources/functionState.ts';
import type { BillAnswer, CollectionFacts, EnvironmentFound } from './facts.ts';

/** Reads the environment; where it is not there, the ids that the account has. */
export async function readEnvironmentFacts(cloud: Cloud, envId: string): Promise<EnvironmentFound> {
  const { EnvList = [] } = await cloud.tcb('DescribeEnvs', { EnvId: envId }).catch(noneFound);
  const env = EnvList.find((one) => one.EnvId === envId);
  if (!env) return { others: await listEnvironments(cloud) };
  const [database] = env.Databases ?? [];
  return {
    found: {
      status: env.Status ?? '',
      region: env.Region ?? '',
      database: { status: database?.Status ?? '', instanceId: database?.InstanceId ?? '' },
      bucket: env.Storages?.[0]?.Bucket ?? '',
    },
  };
}

/** A hint for the fix, so that its failure is no more than a missing hint. */
async function listEnvironments(cloud: Cloud): Promise<string[]> {
  const { EnvList = [] } = await cloud.tcb('DescribeEnvs', {}).catch(noneFound);
  return EnvList.flatMap(({ EnvId }) => (EnvId ? [EnvId] : []));
}

function noneFound(error: unknown): { EnvList: [] } {
  if (error instanceof CloudError && /^(ResourceNotFound|InvalidParameter)/.test(error.code)) {
    return { EnvList: [] };
  }
  throw error;
}

/** Reads a collection; undefined when there is none. */
export async function readCollectionFacts(
  cloud: Cloud,
  database: Database,
  name: string,
): Promise<CollectionFacts | undefined> {
  const indexes = await readIndexes(cloud, database, name);
  return indexes && { indexes, acl: await readAcl(cloud, database, name) };
}

const DAY_MS = 86_400_000;

/**
 * Asks the deployed `downloadBill`, as the merchant's server does, for a day whose bill is long ready:
 * the one call to WeChat Pay that needs all merchant keys and changes nothing.
 */
export async function readBill(
  cloud: Cloud,
  envId: string,
  serviceKey: string,
  nowMs: number,
): Promise<BillAnswer> {
  const billDate = beijingTime(nowMs - 2 * DAY_MS).slice(0, 10);
  const event = signServiceCall('downloadBill', { billDate }, serviceKey, nowMs);
  const { Result } = await cloud.scf('InvokeFunction', {
    FunctionName: 'downloadBill',
    Namespace: envId,
    Qualifier: DEFAULT_ALIAS,
    Event: JSON.stringify(event),
  });
  const requestId = Result?.FunctionRequestId ?? '';
  if (Result?.ErrMsg) return { said: 'FUNCTION_FAILED', requestId };
  return { said: wordIn(Result?.RetMsg ?? ''), requestId };
}

/** The `errCode` of an answer; only a word is passed on, never what else the text holds. */
function wordIn(answer: string): string {
  try {
    const { errCode } = JSON.parse(answer) as { errCode?: unknown };
    if (/^\w{1,64}$/.test(String(errCode))) return String(errCode);
  } catch {
    // No JSON is no answer of ours either.
  }
  return 'ANSWER_UNREADABLE';
}
