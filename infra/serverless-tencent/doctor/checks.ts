import { checkClock } from './checks/account/clock.ts';
import { checkCredentials } from './checks/account/credentials.ts';
import { checkEnvironment } from './checks/account/environment.ts';
import { checkDeployed } from './checks/functions/deployed.ts';
import { checkNotifyUrl } from './checks/functions/notifyUrl.ts';
import { checkTriggers } from './checks/functions/triggers.ts';
import { checkCertificate } from './checks/merchant/certificate.ts';
import { checkEnvFile } from './checks/merchant/envFile.ts';
import { checkKeys } from './checks/merchant/keys.ts';
import { checkLive } from './checks/merchant/live.ts';
import { checkNames } from './checks/merchant/names.ts';
import { checkPrice } from './checks/merchant/price.ts';
import { checkRules } from './checks/merchant/rules.ts';
import { checkSettings } from './checks/merchant/settings.ts';
import { checkAccess } from './checks/resources/access.ts';
import { checkIndexes } from './checks/resources/indexes.ts';
import { checkStorage } from './checks/resources/storage.ts';
import type { Check, Facts } from './facts/facts.ts';
import type { Finding } from './findings/finding.ts';

/** Every check, each after those that it depends on. */
const CHECKS: readonly Check[] = [
  checkCredentials,
  checkClock,
  checkEnvironment,
  checkDeployed,
  checkEnvFile,
  checkNames,
  checkSettings,
  checkKeys,
  checkCertificate,
  checkLive,
  checkNotifyUrl,
  checkTriggers,
  checkPrice,
  checkRules,
  checkAccess,
  checkStorage,
  checkIndexes,
];

/** Runs every check on the facts. */
export function runChecks(facts: Facts): Finding[] {
  return CHECKS.flatMap((check) => check(facts));
}
