import type { Cloud } from '../../cloud/cloud.ts';
import type { readIndexes } from '../../resources/collections.ts';
import { isOurs } from '../../resources/desiredFunction.ts';
import type { FunctionState } from '../../resources/functionState.ts';
import type { FunctionRules } from '../../resources/permissions.ts';
import type { DomainState } from '../../resources/routes.ts';
import type { readTimers } from '../../resources/timers.ts';
import type { Service } from '../../service/service.ts';
import type { EnvFileFault } from '../../settings/envFile.ts';
import type { Finding } from '../findings/finding.ts';
import type { Fact } from './fact.ts';
import type { WechatTimerFacts } from './wechatTimer.ts';

/** The CloudBase environment, as far as it decides whether anything can work. */
export interface EnvironmentFacts {
  /** `NORMAL`. */
  status: string;
  region: string;
  /** `status`: `RUNNING`; `instanceId`: `tnt-…`. */
  database: { status: string; instanceId: string };
  bucket: string;
}

/** The environment, or the ids of those that the account has in its place. */
export type EnvironmentLookup =
  | { kind: 'found'; environment: EnvironmentFacts }
  | { kind: 'missing'; others: readonly string[] };

/** The cloud with the environment that the service lies in. */
export interface OpenEnvironment {
  cloud: Cloud;
  environment: EnvironmentFacts;
}

/** A collection: its indexes, and who may reach it. */
export interface CollectionFacts {
  acl: string;
  indexes: NonNullable<Awaited<ReturnType<typeof readIndexes>>>;
}

/** A timer trigger as the cloud has it. */
export type TimerFacts = Awaited<ReturnType<typeof readTimers>>[number];

/** The answer of the notify URL to a POST that is not signed. */
export interface CallbackAnswer {
  status: number;
  /** `code` and `message` of a JSON answer. */
  code?: string;
  message?: string;
}

/** The answer of `downloadBill`: `0` or an error code, and the id under which the log has it. */
export interface BillAnswer {
  code: string;
  requestId: string;
}

/**
 * The facts that the checks look at, read once before they run. `undefined` inside a known fact: it
 * is not there. Environment variables are in here, so facts are never printed.
 */
export interface Facts {
  nowMs: number;
  service: Service;
  /** The names of the variables in the shell and in `.env`. */
  variables: readonly string[];
  /** The faults of `.env`, or of the file of the stage. */
  envFile: readonly EnvFileFault[];
  access: Fact<{ isLocal: boolean }>;
  environment: Fact<EnvironmentLookup>;
  /** How far this machine's clock is ahead of the cloud's, in milliseconds. */
  clock: Fact<number>;
  functions: Readonly<Record<string, Fact<FunctionState | undefined>>>;
  timers: Readonly<Record<string, Fact<TimerFacts[]>>>;
  /** Whether the timer that WeChat DevTools uploaded has run lately. */
  wechatTimer: Fact<WechatTimerFacts>;
  domain: Fact<DomainState>;
  callback: Fact<CallbackAnswer>;
  rules: Fact<FunctionRules | undefined>;
  /** The permission of the bucket; empty: there is no bucket. */
  storage: Fact<string>;
  collections: Readonly<Record<string, Fact<CollectionFacts | undefined>>>;
  bill: Fact<BillAnswer>;
  /** The text of `--merchant-cert`. */
  merchantCert: Fact<string>;
}

/** A check looks at facts and at nothing else. */
export type Check = (facts: Facts) => Finding[];

/** The functions that were found, and the service that should have deployed them. */
export type DeployedFacts = Pick<Facts, 'functions' | 'service'>;

/**
 * Finds a function of that name, whoever deployed it; undefined: there is none, or it could not be
 * read.
 */
export function anyStateOf({ functions }: DeployedFacts, name: string): FunctionState | undefined {
  const fact = functions[name];
  return fact?.kind === 'known' ? fact.value : undefined;
}

/**
 * Finds a function that this service deployed: the edited version and the one that callers get both
 * bear its mark. undefined: there is none, it could not be read, or it is somebody else's.
 */
export function stateOf(facts: DeployedFacts, name: string): FunctionState | undefined {
  const state = anyStateOf(facts, name);
  return state && !isForeign(facts, state) ? state : undefined;
}

/** Tells a function that something else deployed, in whole or in what callers get. */
function isForeign(
  { service }: Pick<Facts, 'service'>,
  { latest, served }: FunctionState,
): boolean {
  return [latest, served].some(({ description }) => !isOurs(service, description));
}

/** Tells whether anything of the service is deployed. */
export function isDeployed(facts: DeployedFacts): boolean {
  return Object.keys(facts.functions).some((name) => stateOf(facts, name) !== undefined);
}
