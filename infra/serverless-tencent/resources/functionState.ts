import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';

/** One version of a function: its configuration, and the code that its description names. */
export interface FunctionVersion {
  description: string;
  handler: string;
  runtime: string;
  timeoutS: number;
  memoryMb: number;
  environment: Record<string, string>;
  clsTopicId: string;
}

/** A function as the cloud has it. */
export interface FunctionState {
  status: string;
  /** The reason of a failure; empty where nothing failed. */
  statusText: string;
  /** `$LATEST`: the version that is edited; no caller gets it. */
  latest: FunctionVersion;
  /** The highest version that was published. */
  newest: { version: string; content: FunctionVersion } | undefined;
  /** Published versions, lowest first. */
  versions: string[];
  /** The version that callers get: where the alias `$DEFAULT` points to. */
  serving: string;
  /** The version that callers get, in full. */
  served: FunctionVersion;
}

/** Calls, timers and routes go through this alias. Source: 583/36149. */
export const DEFAULT_ALIAS = '$DEFAULT';

const CHANGING_STATUSES = ['Creating', 'Updating', 'Publishing', 'Deleting'];
const POLLS_MAX = 600;

/** Reads a function; undefined when there is none. */
export async function readFunction(
  cloud: Cloud,
  namespace: string,
  name: string,
): Promise<FunctionState | undefined> {
  const latest = await waitUntilUnchanging(cloud, namespace, name);
  if (!latest) return undefined;
  const address = { FunctionName: name, Namespace: namespace };
  const versions = await publishedVersions(cloud, namespace, name);
  const { FunctionVersion: serving = '$LATEST' } = await cloud.scf('GetAlias', {
    ...address,
    Name: DEFAULT_ALIAS,
  });
  const highest = versions.at(-1);
  const newest =
    highest === undefined
      ? undefined
      : { version: highest, content: await readVersion(cloud, address, highest) };
  const readServed = async () =>
    serving === '$LATEST' ? versionOf(latest) : readVersion(cloud, address, serving);
  return {
    status: latest.Status ?? '',
    statusText: latest.StatusDesc ?? '',
    latest: versionOf(latest),
    newest,
    versions,
    serving,
    served: newest && serving === highest ? newest.content : await readServed(),
  };
}

/**
 * Waits until the function is neither being created nor changed: until then every write is refused.
 */
export async function waitUntilUnchanging(cloud: Cloud, namespace: string, name: string) {
  for (let polls = 0; ; polls += 1) {
    const found = await callGetFunction(cloud, namespace, name);
    if (!found || !CHANGING_STATUSES.includes(found.Status ?? '')) return found;
    if (polls >= POLLS_MAX) {
      throw new CloudError('scf.GetFunction', {
        code: 'FailedOperation.FunctionStatusError',
        message: `${name} 长时间处于 ${found.Status} (still ${found.Status}, much longer than usual)`,
      });
    }
    await cloud.wait(Math.min(2000, 20 + polls * 20));
  }
}

/**
 * As {@link waitUntilUnchanging}; throws where a change failed, so that it is read and made again.
 */
export async function waitUntilUsable(
  cloud: Cloud,
  namespace: string,
  name: string,
): Promise<void> {
  const found = await waitUntilUnchanging(cloud, namespace, name);
  const status = found?.Status ?? 'Active';
  if (!status.endsWith('Failed')) return;
  throw new CloudError('scf.GetFunction', {
    code: `State.${status}`,
    message: `${name}: ${found?.StatusDesc ?? ''}`,
  });
}

async function callGetFunction(cloud: Cloud, namespace: string, name: string) {
  const request = { FunctionName: name, Namespace: namespace, ShowCode: 'FALSE' };
  try {
    return await cloud.scf('GetFunction', request);
  } catch (error) {
    if (isFunctionGone(error)) return undefined;
    throw error;
  }
}

function isFunctionGone(error: unknown): boolean {
  const codes = ['ResourceNotFound.Function', 'ResourceNotFound.FunctionName'];
  return error instanceof CloudError && codes.includes(error.code);
}

async function readVersion(
  cloud: Cloud,
  address: { FunctionName: string; Namespace: string },
  version: string,
): Promise<FunctionVersion> {
  const found = await cloud.scf('GetFunction', {
    ...address,
    Qualifier: version,
    ShowCode: 'FALSE',
  });
  return versionOf(found);
}

/** Lists the published versions, lowest first. */
export async function publishedVersions(
  cloud: Cloud,
  namespace: string,
  name: string,
): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const page = await cloud.scf('ListVersionByFunction', {
      FunctionName: name,
      Namespace: namespace,
      Offset: all.length,
      Limit: 100,
    });
    const found = page.Versions ?? [];
    all.push(...found.map(({ Version }) => Version));
    if (found.length === 0 || all.length >= (page.TotalCount ?? 0)) break;
  }
  return all.filter((version) => /^\d+$/.test(version)).sort((a, b) => Number(a) - Number(b));
}

type FunctionAnswer = NonNullable<Awaited<ReturnType<typeof callGetFunction>>>;

function versionOf(raw: FunctionAnswer): FunctionVersion {
  const variables = raw.Environment?.Variables ?? [];
  return {
    description: raw.Description ?? '',
    handler: raw.Handler ?? '',
    runtime: raw.Runtime ?? '',
    timeoutS: raw.Timeout ?? 0,
    memoryMb: raw.MemorySize ?? 0,
    environment: Object.fromEntries(variables.map(({ Key = '', Value = '' }) => [Key, Value])),
    clsTopicId: raw.ClsTopicId ?? '',
  };
}
