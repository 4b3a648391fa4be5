import type { ServiceFunction } from '../../../service/service.ts';
import { findingsFrom } from '../../facts/fact.ts';
import { type Facts, stateOf, type TimerFacts } from '../../facts/facts.ts';
import { settingOf, settingsOf } from '../../facts/settings.ts';
import { broken, DEPLOY, type Finding, ok, unknown, warn } from '../../findings/finding.ts';

/**
 * Checks that the timers are as `serverless.yml` says, on, and of use to the link that the orders
 * take.
 */
export function checkTriggers(facts: Facts): Finding[] {
  return [...checkLink(facts), ...facts.service.functions.flatMap((fn) => checkTimers(facts, fn))];
}

/**
 * Checks the link of the timers: cloud pay needs a token that only timers uploaded by WeChat
 * DevTools carry. No list names those, so their runs are looked for in the log.
 */
function checkLink(facts: Facts): Finding[] {
  return settingsOf(facts).flatMap((settings) => {
    const link = settingOf(settings, 'WXPAY_LINK') ?? 'apiV3';
    if (link === 'apiV3') return [ok('triggers.link', `${settings.where}: 支付链路 (link) apiV3`)];
    // The check of the settings reports a link that there is not.
    return link === 'cloudPay' ? [checkCloudPay(facts, settings.where)] : [];
  });
}

function checkCloudPay({ service, wechatTimer }: Facts, where: string): Finding {
  const isTimed = service.functions.some(
    ({ name, timers: all }) => name === 'closeStaleOrders' && all.length > 0,
  );
  if (wechatTimer.kind === 'unknown') return cannotBeSeen(where, wechatTimer.reason);
  if (!wechatTimer.value.hasRun) {
    return isTimed ? hasNoToken(where) : cannotBeSeen(where, '日志里没有 (not in the log)');
  }
  return isTimed
    ? bothFire(where)
    : ok('triggers.link', `${where}: 微信的定时器在运行 (WeChat’s timer runs)`);
}

function hasNoToken(where: string): Finding {
  return broken(
    'triggers.link',
    `${where}: WXPAY_LINK=cloudPay，而 closeStaleOrders 的定时器由本工具部署，没有平台令牌，无法补单关单；10 分钟内的日志里没有微信的定时器 (its timer, deployed by this tool, has no platform token, and no timer of WeChat’s is in the log of 10 minutes)`,
    '从 serverless.yml 删去 closeStaleOrders，用微信开发者工具上传 dist/cloudfunctions/closeStaleOrders 及其触发器（docs/zh/cloud-pay.md），或改用 WXPAY_LINK=apiV3 (take it out of serverless.yml and upload it with its trigger by WeChat DevTools, or use apiV3)',
  );
}

function bothFire(where: string): Finding {
  return warn(
    'triggers.link',
    `${where}: 微信的定时器在运行；本工具部署的也在触发，没有令牌，把云支付的订单留给前者 (WeChat’s timer runs; the one deployed by this tool fires too, has no token, and leaves the orders of cloud pay to it)`,
    '从 serverless.yml 删去 closeStaleOrders，以免部署与上传互相覆盖 (take closeStaleOrders out of serverless.yml: a deploy and an upload overwrite each other)',
  );
}

function cannotBeSeen(where: string, why: string): Finding {
  return unknown(
    'triggers.link',
    `${where}: WXPAY_LINK=cloudPay，closeStaleOrders 应由微信开发者工具上传，是否在运行无从得知 (closeStaleOrders is to be uploaded by WeChat DevTools; whether it runs cannot be seen): ${why}`,
    '在云开发控制台确认函数 closeStaleOrders 与其触发器存在、超时 55 秒，且日志每分钟一行，来源 wx_trigger (see in the console that it and its trigger are there, its time-out is 55 s, and it logs every minute, source wx_trigger)',
  );
}

function checkTimers(facts: Facts, fn: ServiceFunction): Finding[] {
  if (fn.timers.length === 0) return [];
  const check = 'triggers.timer';
  const fact = facts.timers[fn.name];
  if (facts.functions[fn.name]?.kind === 'known' && !stateOf(facts, fn.name)) {
    return [unknown(check, `${fn.name}: 未部署 (not deployed)`, DEPLOY)];
  }
  return findingsFrom(fact, check, (timers) =>
    fn.timers.map((desired) => {
      const actual = timers.find(({ name }) => name === desired.name);
      return checkTimer(`${fn.name}/${desired.name}`, desired, actual);
    }),
  );
}

function checkTimer(subject: string, desired: TimerFacts, actual: TimerFacts | undefined): Finding {
  const check = 'triggers.timer';
  if (!actual) return broken(check, `${subject}: 触发器不存在 (there is no such trigger)`, DEPLOY);
  if (actual.cron !== desired.cron) {
    return broken(check, `${subject}: ${actual.cron}，应为 (expected) ${desired.cron}`, DEPLOY);
  }
  if (actual.enabled) return ok(check, `${subject}: ${actual.cron}`);
  return warn(
    check,
    `${subject}: 已停用，定时任务不会运行 (it is off, nothing runs)`,
    desired.enabled
      ? DEPLOY
      : '删除 serverless.yml 中的 enabled: false 后部署 (take it away, deploy)',
  );
}
