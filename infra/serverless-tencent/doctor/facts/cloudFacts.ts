/** Reads of the cloud, one for each thing that a check asks about. */
import { signServiceCall } from '../../../../shared/contract/serviceCall.ts';
import { beijingTime } from '../../cloud/beijing.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { CloudError } from '../../cloud/cloudError.ts';
import { type Database, readAcl, readIndexes } from '../../resources/collections.ts';
import { DEFAULT_ALIAS } from '../../resources/functionState.ts';
import type { BillAnswer, CollectionFacts, EnvironmentLookup } from './facts.ts';

const UNKNOWN_ENVIRONMENT = /^(ResourceNotFound|InvalidParameter)/;

/** Reads the environment; where there is none, the ids that the account has. */
export async function readEnvironmentFacts(
  cloud: Cloud,
  envId: string,
): Promise<EnvironmentLookup> {
  const found = await describeEnvironments(cloud, { EnvId: envId });
  const env = found.find(({ EnvId }) => EnvId === envId);
  if (!env) return { kind: 'missing', others: await listEnvironmentIds(cloud) };
  const [database] = env.Databases ?? [];
  return {
    kind: 'found',
    environment: {
      status: env.Status ?? '',
      region: env.Region ?? '',
      database: { status: database?.Status ?? '', instanceId: database?.InstanceId ?? '' },
      bucket: env.Storages?.[0]?.Bucket ?? '',
    },
  };
}

async function listEnvironmentIds(cloud: Cloud): Promise<string[]> {
  const found = await describeEnvironments(cloud, {});
  return found.flatMap(({ EnvId }) => (EnvId ? [EnvId] : []));
}

/** Reads environments; none where the cloud knows no such id. */
async function describeEnvironments(cloud: Cloud, request: { EnvId?: string }) {
  try {
    const { EnvList = [] } = await cloud.tcb('DescribeEnvs', request);
    return EnvList;
  } catch (error) {
    if (error instanceof CloudError && UNKNOWN_ENVIRONMENT.test(error.code)) return [];
    throw error;
  }
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

/** The key and mini program that a question is signed with, as the merchant's server signs. */
export interface ServiceSigner {
  key: string;
  appid: string;
}

/**
 * Asks the deployed `downloadBill`, as the merchant's server does, for a day whose bill is long
 * ready: the one call to WeChat Pay that needs all merchant keys and changes nothing.
 */
export async function readBill(
  cloud: Cloud,
  envId: string,
  { key, appid }: ServiceSigner,
  nowMs: number,
): Promise<BillAnswer> {
  const billDate = beijingTime(nowMs - 2 * DAY_MS).slice(0, 10);
  const event = signServiceCall({ name: 'downloadBill', envId, appid }, { billDate }, key, nowMs);
  const { Result } = await cloud.scf('InvokeFunction', {
    FunctionName: 'downloadBill',
    Namespace: envId,
    Qualifier: DEFAULT_ALIAS,
    Event: JSON.stringify(event),
  });
  const requestId = Result?.FunctionRequestId ?? '';
  if (Result?.ErrMsg) return { code: 'FUNCTION_FAILED', requestId };
  return { code: errorCodeIn(Result?.RetMsg ?? ''), requestId };
}

/** Finds the `errCode` of an answer; nothing else that the text holds is passed on. */
function errorCodeIn(answer: string): string {
  try {
    const { errCode } = JSON.parse(answer) as { errCode?: unknown };
    if (/^\w{1,64}$/.test(String(errCode))) return String(errCode);
  } catch {
    // No JSON is no answer of ours either.
  }
  return 'ANSWER_UNREADABLE';
}
