import { checkAccess } from './checks/access.ts';
import { checkClock } from './checks/clock.ts';
import { checkCredentials } from './checks/credentials.ts';
import { checkDeployed } from './checks/deployed.ts';
import { checkDomain } from './checks/domain.ts';
import { checkEnvironment } from './checks/environment.ts';
import { checkIndexes } from './checks/indexes.ts';
import { checkLive } from './checks/live.ts';
import { checkMerchant } from './checks/merchant.ts';
import { checkMerchantCert } from './checks/merchantCert.ts';
import { checkPrice } from './checks/price.ts';
import { checkSettings } from './checks/settings.ts';
import { checkStorage } from './checks/storage.ts';
import { checkTriggers } from './checks/triggers.ts';
import type { Check, Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Every check, in the order of what hangs on what. */
const checks: readonly Check[] = [
  checkCredentials,
  checkClock,
  checkEnvironment,
  checkDeployed,
  checkSettings,
  checkMerchant,
  checkMerchantCert,
  checkLive,
  checkDomain,
  checkTriggers,
  checkPrice,
  checkAccess,
  checkStorage,
  checkIndexes,
];

/** All findings about the facts. */
export function examine(facts: Facts): Finding[] {
  return checks.flatMap((check) => check(facts));
}
