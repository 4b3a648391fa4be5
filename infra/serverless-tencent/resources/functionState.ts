import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';

/** The code and configuration of one version of a function, as the cloud has it. */
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
  /** Why it failed, where it did. */
  statusText: string;
  /** `$LATEST`: what is edited; nobody is served by it. */
  latest: FunctionVersion;
  /** The highest version that was published. */
  newest: { version: string; is: FunctionVersion } | undefined;
  /** Published versions, lowest first. */
  versions: string[];
  /** The version that callers get: where the alias `$DEFAULT` points to. */
  serving: string;
  /** What callers get. */
  served: FunctionVersion;
}

/** Where the alias points to that calls, timers and routes go through. Source: 583/36149. */
export const DEFAULT_ALIAS = '$DEFAULT';

const SETTLING = ['Creating', 'Updating', 'Publishing', 'Deleting'];
const POLLS_MAX = 600;

/** Reads a function; undefined when there is none. */
export async function readFunction(
  cloud: Cloud,
  namespace: string,
  name: string,
): Promise<FunctionState | undefined> {
  const latest = await settled(cloud, namespace, name);
  if (!latest) return undefined;
  const at = { FunctionName: name, Namespace: namespace };
  const versions = await publishedVersions(cloud, namespace, name);
  const { FunctionVersion: serving = '$LATEST' } = await cloud.scf('GetAlias', {
    ...at,
    Name: DEFAULT_ALIAS,
  });
  const highest = versions.at(-1);
  const newest = highest === undefined ? undefined : await readVersion(cloud, at, highest);
  const served = async () =>
    serving === '$LATEST' ? versionOf(latest) : readVersion(cloud, at, serving);
  return {
    status: latest.Status ?? '',
    statusText: latest.StatusDesc ?? '',
    latest: versionOf(latest),
    newest: highest === undefined || !newest ? undefined : { version: highest, is: newest },
    versions,
    serving,
    served: serving === highest && newest ? newest : await served(),
  };
}

/** Waits until the function is neither being created nor changed: until then every write is refused. */
export async function settled(cloud: Cloud, namespace: string, name: string) {
  for (let polls = 0; ; polls += 1) {
    const found = await readRaw(cloud, namespace, name);
    if (!found || !SETTLING.includes(found.Status ?? '')) return found;
    if (polls >= POLLS_MAX) {
      throw new CloudError('scf.GetFunction', {
        code: 'FailedOperation.FunctionStatusError',
        message: `${name} 长时间处于 ${found.Status} (still ${found.Status}, much longer than usual)`,
      });
    }
    await cloud.wait(Math.min(2000, 20 + polls * 20));
  }
}

/** As {@link settled}; what ended badly is thrown, to be looked at and made again. */
export async function settledWell(cloud: Cloud, namespace: string, name: string): Promise<void> {
  const found = await settled(cloud, namespace, name);
  const status = found?.Status ?? 'Active';
  if (!status.endsWith('Failed')) return;
  throw new CloudError('scf.GetFunction', {
    code: `State.${status}`,
    message: `${name}: ${found?.StatusDesc ?? ''}`,
  });
}

async function readRaw(cloud: Cloud, namespace: string, name: string) {
  return cloud
    .scf('GetFunction', { FunctionName: name, Namespace: namespace, ShowCode: 'FALSE' })
    .catch(absent);
}

async function readVersion(
  cloud: Cloud,
  at: { FunctionName: string; Namespace: string },
  version: string,
): Promise<FunctionVersion> {
  const found = await cloud.scf('GetFunction', { ...at, Qualifier: version, ShowCode: 'FALSE' });
  return versionOf(found);
}

/** The published versions, lowest first. */
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

function absent(error: unknown): undefined {
  const codes = ['ResourceNotFound.Function', 'ResourceNotFound.FunctionName'];
  if (error instanceof CloudError && codes.includes(error.code)) return undefined;
  throw error;
}

type Raw = NonNullable<Awaited<ReturnType<typeof readRaw>>>;

function versionOf(raw: Raw): FunctionVersion {
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
