import type { CollectionResource, IndexResource } from '../../../../resources.ts';
import { keysOf } from '../../../resources/collections.ts';
import { judged } from '../../facts/fact.ts';
import { type CollectionFacts, type Facts, isDeployed } from '../../facts/facts.ts';
import { broken, DEPLOY, type Finding, listed, ok, unknown, warn } from '../../findings/finding.ts';

/** The indexes of the service's collections: the same keys, the same uniqueness. */
export function checkIndexes(facts: Facts): Finding[] {
  const check = 'indexes.all';
  return Object.entries(facts.service.collections).flatMap(([name, wish]) =>
    judged(facts.collections[name], check, (is) => {
      if (is) return judgeIndexes(name, wish, is);
      const what = `集合不存在 (no such collection): ${name}`;
      return [isDeployed(facts) ? broken(check, what, DEPLOY) : unknown(check, what, DEPLOY)];
    }),
  );
}

function judgeIndexes(name: string, wish: CollectionResource, is: CollectionFacts): Finding[] {
  const check = 'indexes.all';
  const missing = wish.indexes.filter((index) => !isThere(index, is.indexes));
  const named = (which: IndexResource[]) => listed(which.map((index) => `${name}/${index.name}`));
  const unique = missing.filter((index) => index.unique === true);
  const plain = missing.filter((index) => index.unique !== true);
  if (missing.length === 0) return [ok(check, `${name}: ${wish.indexes.length}`)];
  return [
    ...(unique.length > 0
      ? [
          broken(
            check,
            `缺少唯一索引，或键不同，重复无法被拒绝 (unique indexes are missing or differ: nothing refuses duplicates): ${named(unique)}`,
            `${DEPLOY}；已有重复数据时先处理 (mend duplicates first, where there are any)`,
          ),
        ]
      : []),
    ...(plain.length > 0
      ? [
          warn(
            check,
            `缺少索引，或键不同，查询会变慢 (missing or different, queries are slow): ${named(plain)}`,
            DEPLOY,
          ),
        ]
      : []),
  ];
}

function isThere(wish: IndexResource, there: CollectionFacts['indexes']) {
  const { name, unique = false } = wish;
  return there.some((is) => is.name === name && is.keys === keysOf(wish) && is.unique === unique);
}
