import type { readIndexes } from '../../resources/collections.ts';
import { isOurs } from '../../resources/desiredFunction.ts';
import type { FunctionState } from '../../resources/functionState.ts';
import type { FunctionRules } from '../../resources/permissions.ts';
import type { DomainState } from '../../resources/routes.ts';
import type { readTimers } from '../../resources/timers.ts';
import type { Service } from '../../service/service.ts';
import type { Finding } from '../findings/finding.ts';
import type { Known } from './fact.ts';

/** The CloudBase environment, as far as it decides whether anything can work. */
export interface EnvironmentFacts {
  /** `NORMAL`. */
  status: string;
  region: string;
  /** `status`: `RUNNING`; `instanceId`: `tnt-…`. */
  database: { status: string; instanceId: string };
  bucket: string;
}

/** The environment, or those that the account has in its place. */
export type EnvironmentFound = { found: EnvironmentFacts } | { others: readonly string[] };

/** Who may reach a collection, and its indexes. */
export interface CollectionFacts {
  acl: string;
  indexes: NonNullable<Awaited<ReturnType<typeof readIndexes>>>;
}

/** A timer trigger as the cloud has it. */
export type TimerFacts = Awaited<ReturnType<typeof readTimers>>[number];

/** How a POST that nobody signed was answered at the notify URL. */
export interface CallbackAnswer {
  status: number;
  /** `code` and `message` of a JSON answer. */
  code?: string;
  message?: string;
}

/** What `downloadBill` said: `0` or a word, and the id under which the log has it. */
export interface BillAnswer {
  said: string;
  requestId: string;
}

/**
 * Everything the checks look at, read once before they run. `undefined` inside a known fact: it is not
 * there. Environment variables are in here, so facts are never printed.
 */
export interface Facts {
  nowMs: number;
  service: Service;
  access: Known<{ isLocal: boolean }>;
  environment: Known<EnvironmentFound>;
  /** How far this machine's clock is ahead of the cloud's, in milliseconds. */
  clock: Known<number>;
  functions: Readonly<Record<string, Known<FunctionState | undefined>>>;
  timers: Readonly<Record<string, Known<TimerFacts[]>>>;
  domain: Known<DomainState>;
  callback: Known<CallbackAnswer>;
  rules: Known<FunctionRules | undefined>;
  /** The permission of the bucket; empty: there is no bucket. */
  storage: Known<string>;
  collections: Readonly<Record<string, Known<CollectionFacts | undefined>>>;
  bill: Known<BillAnswer>;
  /** The text of `--merchant-cert`. */
  merchantCert: Known<string>;
}

/** A check: looks at facts, and at nothing else. */
export type Check = (facts: Facts) => Finding[];

/** The functions, and whose they have to be. */
export type Deployed = Pick<Facts, 'functions' | 'service'>;

/** A function of that name, whoever deployed it; undefined: there is none, or it could not be read. */
export function foundOf({ functions }: Deployed, name: string): FunctionState | undefined {
  const fact = functions[name];
  return fact?.is === 'known' ? fact.value : undefined;
}

/**
 * A function that this service deployed: what is edited and what callers get both bear its mark.
 * undefined: there is none, it could not be read, or it is somebody else's.
 */
export function stateOf(facts: Deployed, name: string): FunctionState | undefined {
  const found = foundOf(facts, name);
  return found && !isForeign(facts, found) ? found : undefined;
}

/** Tells a function that something else deployed, in whole or in what callers get. */
function isForeign(
  { service }: Pick<Facts, 'service'>,
  { latest, served }: FunctionState,
): boolean {
  return [latest, served].some(({ description }) => !isOurs(service, description));
}

/** Whether anything of the service is deployed. */
export function isDeployed(facts: Deployed): boolean {
  return Object.keys(facts.functions).some((name) => stateOf(facts, name) !== undefined);
}
