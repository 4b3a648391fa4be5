import { OPEN_STORAGE_RULES } from '../../../resources/permissions.ts';
import { findingsFrom } from '../../facts/fact.ts';
import type { Facts } from '../../facts/facts.ts';
import { broken, DEPLOY, type Finding, ok, unknown, warn } from '../../findings/finding.ts';

/** Storage rules by which only its owner may read a file, or no user may. */
const CLOSED_RULES = ['PRIVATE', 'ADMINONLY'];

/** Checks that not every user may read all files, bills among them. */
export function checkStorage({ storage, service }: Facts): Finding[] {
  const check = 'storage.rule';
  return findingsFrom(storage, check, (rule) => {
    if (rule === '') return [ok(check, '环境没有云存储 (there is no storage)')];
    if (CLOSED_RULES.includes(rule)) return [ok(check, `云存储 (storage): ${rule}`)];
    if (!OPEN_STORAGE_RULES.includes(rule)) {
      return [
        unknown(
          check,
          `云存储为自定义规则 (a custom rule): ${rule}`,
          '在控制台「云存储-权限设置」确认账单等文件不能被所有用户读取 (make sure in the console that not everybody reads all files)',
        ),
      ];
    }
    const what = `云存储的文件所有用户可读 (every user reads every file): ${rule}`;
    return [
      service.storage === 'keep'
        ? warn(
            check,
            what,
            '去掉 provider.storage: keep 并部署，或不要存放账单 (take it away and deploy, or keep no bills there)',
          )
        : broken(check, what, DEPLOY),
    ];
  });
}
