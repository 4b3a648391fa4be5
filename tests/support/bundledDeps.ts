import type { Contract, Dependency } from '../../shared/contract/contract.ts';
import type { Gateway } from '../../shared/ports/gateway.ts';
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

/** Names the dependency of what a link does besides orders. */
const DEPENDENCY_OF_LINKS: Partial<Record<keyof Gateway, Dependency>> = {
  freezeRefund: 'refunds',
  refund: 'refunds',
  queryRefund: 'refunds',
  applyAbnormalRefund: 'refunds',
  downloadBill: 'bills',
};

/**
 * Makes what a deployed function has: a part that its bundle was built without throws as soon as it is
 * touched, by a spread too.
 */
export function bundledDeps(
  { name, dependsOn }: Pick<Contract<never>, 'name' | 'dependsOn'>,
  deps: UseCaseDeps,
): UseCaseDeps {
  const without = <T extends object>(
    whole: T,
    dependencyOf: Partial<Record<keyof T, Dependency>>,
  ) => {
    const bundled = { ...whole };
    for (const [part, dependency] of Object.entries<Dependency | undefined>(dependencyOf)) {
      if (dependency === undefined || dependsOn.includes(dependency)) continue;
      Object.defineProperty(bundled, part, {
        enumerable: true,
        get: () => {
          throw new Error(`${part} is not in the bundle of ${name}`);
        },
      });
    }
    return bundled;
  };
  const { gatewayOf } = deps;
  const ofLink: UseCaseDeps['gatewayOf'] = (link) => without(gatewayOf(link), DEPENDENCY_OF_LINKS);
  return without({ ...deps, gatewayOf: ofLink }, DEPENDENCY_OF);
}
