import type { DomainState, RouteState } from '../../../resources/routes.ts';
import { findingsFrom } from '../../facts/fact.ts';
import { type Facts, stateOf } from '../../facts/facts.ts';
import { callbackUrls } from '../../facts/networkFacts.ts';
import { isDirect, type Settings, settingOf, settingsOf } from '../../facts/settings.ts';
import {
  broken,
  DEPLOY,
  type Finding,
  listText,
  ok,
  unknown,
  warn,
} from '../../findings/finding.ts';

/** Checks the address that WeChat Pay calls: its domain, the route there, and the answer. */
export function checkNotifyUrl(facts: Facts): Finding[] {
  // Cloud pay calls functions by name: it needs no address.
  if (!settingsOf(facts).some(isDirect)) return [];
  return [
    ...checkDomainKind(facts),
    ...checkRoutes(facts),
    ...checkAddress(facts),
    ...checkReachable(facts),
  ];
}

function checkDomainKind({ domain, service }: Facts): Finding[] {
  const isUsed = service.functions.some(({ routes }) => routes.length > 0);
  if (!isUsed) return [];
  return findingsFrom(domain, 'domain.kind', ({ domain: name, isDefault }) => {
    if (!isDefault) return [ok('domain.kind', `自定义域名 (a domain of your own): ${name}`)];
    return [
      warn(
        'domain.kind',
        `默认域名限频，仅供测试 (the default domain is rate-limited, for tests only): ${name}`,
        '在控制台「HTTP 访问服务」绑定已备案域名，设置 provider.domain 与 WXPAY_NOTIFY_URL 后部署 (bind a filed domain, set both, deploy)',
      ),
    ];
  });
}

function desiredPaths({ service }: Facts): string[] {
  const fn = service.functions.find(({ name }) => name === 'payCallback');
  return fn?.routes.map(({ path }) => path) ?? [];
}

/** Checks that each route to payCallback exists, is on, and takes callers who are not signed in. */
function checkRoutes(facts: Facts): Finding[] {
  const check = 'notify.route';
  return findingsFrom(facts.domain, check, ({ routes }) =>
    desiredPaths(facts).map((path) => {
      const actual = routes.find((route) => route.path === path);
      if (actual) return checkRoute(actual);
      const what = `路由不存在 (there is no route): ${path}`;
      return stateOf(facts, 'payCallback')
        ? broken(check, what, DEPLOY)
        : unknown(check, `${what}，payCallback 未部署 (not deployed)`, DEPLOY);
    }),
  );
}

function checkRoute(route: RouteState): Finding {
  const check = 'notify.route';
  const fault = routeFault(route);
  return fault === undefined
    ? ok(check, `${route.path} → ${route.name}`)
    : broken(check, `${route.path} ${fault}`, DEPLOY);
}

function routeFault({ name, enabled, asksLogin }: RouteState): string | undefined {
  if (name !== 'payCallback') return `指向了 ${name} (it leads to another function)`;
  if (!enabled) return '已停用 (it is off)';
  if (!asksLogin) return undefined;
  return '开启了登录校验，微信支付无法通过 (it asks for a login, which WeChat Pay has not)';
}

/**
 * Checks that WXPAY_NOTIFY_URL is a route to payCallback: WeChat calls the address that an order
 * gave it.
 */
function checkAddress(facts: Facts): Finding[] {
  const check = 'notify.address';
  return settingsOf(facts).flatMap((settings) => [
    ...checkPaths(facts, settings),
    ...findingsFrom(facts.domain, check, (domain) => {
      const urls = [...new Set([...callbackUrls(domain), ...desiredUrls(facts, domain)])];
      const { where } = settings;
      const notifyUrl = settingOf(settings, 'WXPAY_NOTIFY_URL');
      const fix =
        urls.length > 0
          ? `WXPAY_NOTIFY_URL=${listText(urls)}`
          : '给 payCallback 加上 http 事件 (give payCallback an http event)';
      // The check of the settings reports that it is not set; here is what it has to be.
      if (notifyUrl === undefined)
        return [unknown(check, `${where}: 没有通知地址 (no notify URL)`, fix)];
      if (urls.includes(notifyUrl))
        return [ok(check, `${where}: 通知地址 (notify URL) ${notifyUrl}`)];
      const what = `${where}: WXPAY_NOTIFY_URL 不是本服务的路由，微信支付会通知到别处 (no route of this service: WeChat Pay calls another address)`;
      return [broken(check, `${what}${hostIn(notifyUrl)}`, fix)];
    }),
  ]);
}

/** Each address of notifications with the function that must be routed there. */
const ADDRESSES = [
  ['WXPAY_NOTIFY_URL', 'payCallback'],
  ['WXPAY_REFUND_NOTIFY_URL', 'refundCallback'],
] as const;

/**
 * Checks, without any cloud too, that a route leads from the path of each address to its function;
 * where the routes of the cloud are known, {@link checkAddress} compares the whole notify URL.
 */
function checkPaths({ service, domain }: Facts, settings: Settings): Finding[] {
  const actual = domain.kind === 'known' ? domain.value.routes : [];
  return ADDRESSES.flatMap(([key, name]) => {
    const notifyUrl = settingOf(settings, key) ?? '';
    const isCompared = key === 'WXPAY_NOTIFY_URL' && domain.kind === 'known';
    if (isCompared || !URL.canParse(notifyUrl)) return [];
    const desired = service.functions.find((fn) => fn.name === name)?.routes ?? [];
    const there = actual.filter((route) => route.name === name);
    const paths = [...desired, ...there].map(({ path }) => path);
    if (paths.length === 0 || paths.includes(new URL(notifyUrl).pathname)) return [];
    const what = `${settings.where}: ${key} 的路径没有通向 ${name} 的路由 (no route leads from its path to that function)`;
    const fix = `路径应为 (the path has to be) ${listText(paths)}，见 serverless.yml`;
    return [broken('notify.path', what, fix)];
  });
}

function desiredUrls(facts: Facts, { domain }: DomainState): string[] {
  return desiredPaths(facts).map((path) => `https://${domain}${path}`);
}

/**
 * Shows the host of an address; any other text may be a key that was pasted into the wrong line,
 * and is not shown.
 */
function hostIn(text: string): string {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? `: ${new URL(text).host}` : '';
}

const UNREACHED =
  '检查域名解析、证书与「HTTP 访问服务」的路由；微信支付从公网访问 (check DNS, certificate and route: WeChat Pay comes from the internet)';
const LOGS = 'serverless logs -f payCallback';

function checkReachable({ callback, clock }: Facts): Finding[] {
  const check = 'notify.reachable';
  const isOnline = clock.kind === 'known';
  if (callback.kind === 'unknown' && callback.code && isOnline) {
    const what = `通知地址无法访问 (the notify URL cannot be reached): ${callback.code}`;
    // A firewall around this machine swallows packets; all else would meet WeChat Pay too.
    return callback.code === 'ETIMEDOUT'
      ? [unknown(check, what, UNREACHED)]
      : [broken(check, what, UNREACHED)];
  }
  return findingsFrom(callback, check, ({ status, code, message }) => {
    const isOurs = code === 'FAIL' && message !== undefined;
    // Our function refuses an unsigned body before anything else.
    if (isOurs && (status === 400 || status === 401)) {
      return [
        ok(
          check,
          `通知地址由 payCallback 应答，未签名请求被拒绝 (payCallback answers): ${message}`,
        ),
      ];
    }
    if (isOurs) {
      const what = `payCallback 应答 (answers) ${status} ${message}`;
      return [broken(check, what, LOGS)];
    }
    return [reportForeignAnswer(check, status, code)];
  });
}

function reportForeignAnswer(check: string, status: number, code: string | undefined): Finding {
  const answer = code === undefined ? `${status}` : `${status} ${code}`;
  const causes: readonly [fits: boolean, what: string, fix: string][] = [
    [status === 404, '网关没有该路由 (the gateway has no such route)', DEPLOY],
    [
      status >= 300 && status < 400,
      '地址会跳转，微信支付不跟随 (it redirects, WeChat Pay does not follow)',
      UNREACHED,
    ],
    [status >= 500, '函数未能启动或运行失败 (the function does not start, or fails)', LOGS],
  ];
  const [, what, fix] = causes.find(([fits]) => fits) ?? [
    true,
    '应答的不是 payCallback (something else answers there)',
    UNREACHED,
  ];
  return broken(check, `${what}: ${answer}`, fix);
}
