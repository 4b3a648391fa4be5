import type { Credential } from '../world/tc3.ts';

/** An index of a table; `keys` maps a field path to its direction. */
export interface TableIndex {
  name: string;
  keys: Record<string, 1 | -1>;
  unique?: boolean;
  sparse?: boolean;
}

/** The documents of the local cloud, as far as this API manages them. */
export interface TableHost {
  tables(): { name: string; count: number; indexes: TableIndex[] }[];
  createTable(name: string): void;
  /** Builds an index; throws `{code: 'DATABASE_DUPLICATE_WRITE'}` over duplicates. */
  createIndex(table: string, index: TableIndex): void;
  dropIndex(table: string, name: string): void;
  dropTable(name: string): void;
}

/** A version of a function to be run. */
export interface VersionInvocation {
  name: string;
  version: string;
  event: unknown;
}

/** The outcome of a run. */
export interface VersionOutcome {
  requestId: string;
  durationMs: number;
  log: string[];
  result?: unknown;
  error?: { code: string; message: string };
}

/** A query of printed lines; virtual milliseconds, both ends included. */
export interface LogQuery {
  fromMs: number;
  toMs: number;
  name?: string;
  requestId?: string;
}

/** A line that a function printed. */
export interface LogLine {
  atMs: number;
  name: string;
  requestId: string;
  text: string;
}

/** The emulated Tencent Cloud API is configured with these. */
export interface TencentCloudOptions {
  /** The one environment; it is also the namespace of its functions. */
  envId: string;
  region: string;
  /** The default domain of HTTP access. */
  domain: string;
  /** The key pair of an id, undefined for an unknown one; `token` is compared when it is given. */
  credentials(secretId: string): Credential | undefined;
  /** Where uploaded code is unpacked: `<codeFolder>/<sha256 of the zip>/`. */
  codeFolder: string;
  /**
   * Real milliseconds that Creating, Updating, Publishing and building an index take. Default 20.
   */
  stateMs?: number;
  database: TableHost;
  /** Runs a version of a function. */
  invoke(call: VersionInvocation): Promise<VersionOutcome>;
  /** Lines that functions printed, newest first. */
  logs(query: LogQuery): LogLine[];
  /**
   * Called after whatever changes what runs: code, configuration, alias, trigger, route, deletion.
   * `deployed` lists what can be run now, and unpacks its code.
   */
  changed(deployed: () => DeployedVersion[]): void;
}

/** A version of a function that can be run. */
export interface DeployedVersion {
  name: string;
  /** `$LATEST`, or `1`, `2`, … */
  version: string;
  /** Whether `$DEFAULT` points to it. */
  isDefault: boolean;
  /** Whether callFunction reaches it: made with the stamp of CloudBase, `Stamp: MINI_QCBASE`. */
  callable: boolean;
  /** Absolute path of the CommonJS file that exports `main`. */
  file: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Enabled triggers whose Qualifier leads to this version; `message` is its CustomArgument. */
  timers: { name: string; cron: string; message?: string }[];
  /** Enabled HTTP access routes; on the default version only. */
  routes: { path: string }[];
}

/** A function as its callers get it, and how far what was deployed last is. */
export interface DeployedFunction {
  name: string;
  /** `Active`, `Updating`, `UpdateFailed`, …; what was there before runs during an update, and after one that failed. */
  status: string;
  /** The version that `$DEFAULT` leads to: `$LATEST`, or `1`, `2`, … */
  version: string;
  /** sha256 of the zip, hex. */
  code: string;
  /** Bytes of the zip. */
  codeBytes: number;
  runtime: string;
  memoryMb: number;
  timeoutMs: number;
  /** When its code or configuration came, in virtual time. */
  modifiedMs: number;
}

/** One call of the API. */
export interface ApiCall {
  /** As on the wire: `CreateFunction`, `UpdateTable`, `PutObject`. */
  action: string;
  /** Whether the action changes anything. */
  write: boolean;
  /** A function, a table, a domain; empty for a whole environment. */
  subject: string;
}
