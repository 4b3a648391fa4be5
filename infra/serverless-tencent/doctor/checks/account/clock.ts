import { beijingTime } from '../../../cloud/beijing.ts';
import { nextDue } from '../../../service/cron.ts';
import { findingsFrom } from '../../facts/fact.ts';
import { type Facts, stateOf } from '../../facts/facts.ts';
import { broken, type Finding, listText, ok, warn } from '../../findings/finding.ts';

/**
 * A clock this far off is reported as broken: signatures are refused when their time is 300 s off.
 */
const SKEW_BROKEN_MS = 240_000;
const SKEW_WARN_MS = 60_000;
const SYNC = '开启系统自动校时 (let the system set the clock: NTP)';

/** The time zones in which nothing of ours is read wrongly. */
const ZONES = ['UTC', 'Asia/Shanghai'];

/** Checks the clock of this machine, and the time zones of functions and timers. */
export function checkClock(facts: Facts): Finding[] {
  return [...checkSkew(facts), ...checkTimeZones(facts), ...describeCrons(facts)];
}

function checkSkew({ clock, environment }: Facts): Finding[] {
  if (environment.kind === 'unknown' && environment.code === 'AuthFailure.SignatureExpire') {
    const what =
      '本机时钟偏差过大，签名被拒绝 (this clock is so far off that signatures are refused)';
    return [broken('clock.skew', what, SYNC)];
  }
  return findingsFrom(clock, 'clock.skew', (aheadMs) => {
    const what = `本机时钟${aheadMs < 0 ? '慢' : '快'} ${Math.round(Math.abs(aheadMs) / 1000)} 秒 (seconds off)`;
    if (Math.abs(aheadMs) > SKEW_BROKEN_MS) return [broken('clock.skew', what, SYNC)];
    if (Math.abs(aheadMs) > SKEW_WARN_MS) return [warn('clock.skew', what, SYNC)];
    return [ok('clock.skew', what)];
  });
}

function checkTimeZones(facts: Facts): Finding[] {
  const odd = facts.service.functions.flatMap(({ name, environment }) => {
    const state = stateOf(facts, name);
    const next = { ...state?.latest.environment, ...environment };
    const isOdd = [state?.served.environment.TZ, next.TZ].some((TZ) => TZ && !ZONES.includes(TZ));
    return isOdd ? [name] : [];
  });
  if (odd.length === 0) return [ok('clock.zone', '函数时区未改动 (no function has another TZ)')];
  return [
    warn(
      'clock.zone',
      `函数时区不是 UTC 或 Asia/Shanghai (another time zone): ${listText(odd)}`,
      '删除变量 TZ：日志与你自己的日期计算会错位 (unset TZ: log times and dates of your own code shift)',
    ),
  ];
}

/** Describes each timer by the next times at which it runs: SCF reads it in UTC+8. */
function describeCrons({ service, nowMs }: Facts): Finding[] {
  return service.functions.flatMap(({ name, timers }) =>
    timers.map(({ name: timer, cron }) => {
      const subject = `${name}/${timer}  ${cron}`;
      const next = nextDue(cron, nowMs);
      if (next === undefined) {
        const what = `${subject}: 永远不会触发 (it never falls due)`;
        return warn('clock.cron', what, '修改 serverless.yml 中的 cron (change the cron)');
      }
      const following = nextDue(cron, next);
      const due = [next, ...(following === undefined ? [] : [following])]
        .map(beijingTime)
        .join('，');
      return ok('clock.cron', `${subject}: 接下来 (next) ${due}，北京时间 (Beijing time)`);
    }),
  );
}
