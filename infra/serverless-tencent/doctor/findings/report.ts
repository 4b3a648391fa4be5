import type { Finding, Level } from './finding.ts';

const MARKS: Record<Level, string> = { ok: '✔', warn: '!', broken: '✘', unknown: '?' };

/** The groups of the report, by the first part of a check's id, in order. */
const GROUPS: readonly [prefix: string, title: string][] = [
  ['credentials', '访问密钥 (credentials)'],
  ['clock', '时间 (time)'],
  ['environment', '环境 (environment)'],
  ['deployed', '函数 (functions)'],
  ['merchant', '商户配置 (merchant)'],
  ['live', '微信支付 (WeChat Pay)'],
  ['domain', '域名 (domain)'],
  ['notify', '通知地址 (notify URL)'],
  ['triggers', '触发器 (triggers)'],
  ['price', '价格来源 (price source)'],
  ['rules', '平台规则 (rules of the platform)'],
  ['access', '访问规则 (access rules)'],
  ['storage', '云存储 (storage)'],
  ['indexes', '索引 (indexes)'],
];

/**
 * Writes the report for people: grouped, a line a finding, its fix below it, and how many of each
 * level.
 */
export function reportOf(findings: readonly Finding[]): string {
  const parts = GROUPS.map(([prefix, title]) => {
    const findingsOfGroup = findings.filter(({ check }) => check.startsWith(`${prefix}.`));
    return findingsOfGroup.length === 0 ? [] : [title, ...findingsOfGroup.flatMap(linesOf)];
  });
  return [...parts.flat(), '', summaryOf(findings)].join('\n');
}

function linesOf({ level, what, fix }: Finding): string[] {
  return [`  ${MARKS[level]} ${what}`, ...(fix === undefined ? [] : [`      → ${fix}`])];
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  return (
    `正常 (ok) ${count('ok')}，提醒 (warnings) ${count('warn')}，` +
    `错误 (broken) ${count('broken')}，未知 (unknown) ${count('unknown')}`
  );
}
