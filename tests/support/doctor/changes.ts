/** Ways in which a sound deployment can become another one, for the tests of the checks. */

import { type Fact, known, notRead } from '../../../infra/serverless-tencent/doctor/facts/fact.ts';
import type {
  Check,
  CollectionFacts,
  EnvironmentFacts,
  Facts,
  TimerFacts,
} from '../../../infra/serverless-tencent/doctor/facts/facts.ts';
import type { Level } from '../../../infra/serverless-tencent/doctor/findings/finding.ts';
import type { FunctionState } from '../../../infra/serverless-tencent/resources/functionState.ts';
import type { FunctionRules } from '../../../infra/serverless-tencent/resources/permissions.ts';
import type {
  DomainState,
  RouteState,
} from '../../../infra/serverless-tencent/resources/routes.ts';
import { directKeys } from '../../../shared/contract/environment.ts';
import { soundFacts } from './soundFacts.ts';

/** Makes other facts of facts. */
export type Change = (facts: Facts) => Facts;

/** A line of a table: what is changed, and the finding that must come of it. */
export type Row = [what: string, change: Change, level: Level, check: string, text: RegExp];

/**
 * Runs a check on changed facts; answers its texts of one level and under one id, empty where there
 * are none.
 */
export function textsOf(check: Check, change: Change, level: Level, id: string): string {
  return check(change(soundFacts()))
    .filter((finding) => finding.level === level && finding.check === id)
    .map(({ what }) => what)
    .join('\n');
}

/** Changes nothing. */
export const unchanged: Change = (facts) => facts;

/** Replaces some facts. */
export function withFacts(more: Partial<Facts>): Change {
  return (facts) => ({ ...facts, ...more });
}

/** Makes one change after the other. */
export function combine(...changes: Change[]): Change {
  return (facts) => changes.reduce((changed, change) => change(changed), facts);
}

/** Makes a fact whose reading failed with a code. */
export function unreadableFact(code: string): Fact<never> {
  return { kind: 'unknown', reason: `失败 (failed): ${code}`, code };
}

function valueIn<T>(fact: Fact<T | undefined> | undefined): T {
  if (fact?.kind === 'known' && fact.value !== undefined) return fact.value;
  throw new Error('the change needs a fact that is known');
}

/** Cloud pay and no key of the direct link. */
export const cloudPayAlone: Change = (facts) =>
  deployedWith({
    WXPAY_LINK: 'cloudPay',
    ...Object.fromEntries(directKeys.map((key) => [key, undefined])),
    WXPAY_PUBLIC_KEY: undefined,
    WXPAY_PUBLIC_KEY_ID: undefined,
  })(facts);

/** Takes away everything but the environment, as before the first deploy. */
export const notDeployed: Change = (facts) => {
  const names = facts.service.functions.map(({ name }) => name);
  const { domain } = valueIn(facts.domain);
  return {
    ...facts,
    functions: Object.fromEntries(names.map((name) => [name, known(undefined)])),
    timers: Object.fromEntries(names.map((name) => [name, known([])])),
    domain: known({ domain, isDefault: false, routes: [] }),
    callback: notRead('没有指向 payCallback 的路由 (no route)'),
    rules: known(undefined),
    collections: Object.fromEntries(
      Object.keys(facts.service.collections).map((name) => [name, known(undefined)]),
    ),
    bill: notRead('downloadBill 未部署 (not deployed)'),
  };
};

/** Changes settings of `serverless.yml`, for every function that reads them. */
export function withSettings(more: Readonly<Record<string, string>>): Change {
  return ({ service, ...facts }) => {
    const functions = service.functions.map((changed) => {
      const read = Object.entries(more).filter(([key]) => changed.environmentKeys?.includes(key));
      return { ...changed, environment: { ...changed.environment, ...Object.fromEntries(read) } };
    });
    return { ...facts, service: { ...service, functions } };
  };
}

/** Changes a deployed function. */
export function stateWith(
  name: string,
  more: (state: FunctionState) => Partial<FunctionState>,
): Change {
  return (facts) => {
    const state = valueIn(facts.functions[name]);
    const changed = known({ ...state, ...more(state) });
    return { ...facts, functions: { ...facts.functions, [name]: changed } };
  };
}

/**
 * Changes settings of one deployed function, or of all that read them; `undefined` takes a key
 * away.
 */
export function deployedWith(more: Record<string, string | undefined>, only?: string): Change {
  return (facts) => {
    const names = facts.service.functions.filter(({ name }) => only === undefined || name === only);
    const changes = names.map(({ name, environmentKeys: keys = [] }) =>
      stateWith(name, ({ latest }) => {
        const set = Object.entries({ ...latest.environment, ...more });
        const remaining = set.filter(
          (pair): pair is [string, string] =>
            pair[1] !== undefined && [...keys, 'TZ'].includes(pair[0]),
        );
        const content = { ...latest, environment: Object.fromEntries(remaining) };
        return { latest: content, served: content, newest: { version: '2', content } };
      }),
    );
    return combine(...changes)(facts);
  };
}

/** Changes the environment under the same id. */
export function environmentWith(more: Partial<EnvironmentFacts>): Change {
  return (facts) => {
    const value = valueIn(facts.environment);
    if (value.kind === 'missing') throw new Error('the change needs an environment');
    const environment = { ...value.environment, ...more };
    return { ...facts, environment: known({ kind: 'found', environment }) };
  };
}

/** Changes the domain, or the route to payCallback on it. */
export function domainWith(more: Partial<DomainState>, route: Partial<RouteState> = {}): Change {
  return (facts) => {
    const domain = valueIn(facts.domain);
    const routes = domain.routes.map((changed) =>
      changed.name === 'payCallback' ? { ...changed, ...route } : changed,
    );
    return { ...facts, domain: known({ ...domain, routes, ...more }) };
  };
}

/** Changes the rule of a function; `undefined` takes it away. */
export function rulesWith(name: string, rule: FunctionRules[string] | undefined): Change {
  return (facts) => {
    const { [name]: _, ...others } = valueIn(facts.rules);
    return {
      ...facts,
      rules: known(rule === undefined ? others : { ...others, [name]: rule }),
    };
  };
}

/** Changes the collection of orders. */
export function ordersWith(change: (orders: CollectionFacts) => CollectionFacts): Change {
  return (facts) => {
    const orders = known(change(valueIn(facts.collections.orders)));
    return { ...facts, collections: { ...facts.collections, orders } };
  };
}

/** Changes each timer of closeStaleOrders, or takes it away. */
export function timersWith(change: (timer: TimerFacts) => TimerFacts[]): Change {
  return (facts) => {
    const closeStaleOrders = known(valueIn(facts.timers.closeStaleOrders).flatMap(change));
    return { ...facts, timers: { ...facts.timers, closeStaleOrders } };
  };
}
