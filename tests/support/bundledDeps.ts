import type { Contract, Dependency } from '../../shared/contract/contract.ts';
import type { UseCaseDeps } from '../../shared/usecases/step/deps.ts';

/** Names the dependency without which the bundle of a function has nothing to make a part of. */
const DEPENDENCY_OF: Partial<Record<keyof UseCaseDeps, Dependency>> = {
  store: 'store',
  disabledChannels: 'store',
  payers: 'payers',
  merchant: 'merchant',
  askPrice: 'quotes',
  claims: 'cloudPay',
  verifyNotification: 'notifications',
  parseUnsignedNotice: 'unsignedNotices',
};

/**
 * Makes what a deployed function has: a part that its bundle was built without throws as soon as it is
 * touched, by a spread too.
 */
export function bundledDeps(
  { name, dependsOn }: Pick<Contract<never>, 'name' | 'dependsOn'>,
  deps: UseCaseDeps,
): UseCaseDeps {
  const bundled = { ...deps };
  for (const [part, dependency] of Object.entries(DEPENDENCY_OF)) {
    if (dependsOn.includes(dependency)) continue;
    Object.defineProperty(bundled, part, {
      enumerable: true,
      get: () => {
        throw new Error(`${part} is not in the bundle of ${name}`);
      },
    });
  }
  return bundled;
}
