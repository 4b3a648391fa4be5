import type { CollectionResource, IndexResource } from '../../../../resources.ts';
import { keysOf } from '../../../resources/collections.ts';
import { findingsFrom } from '../../facts/fact.ts';
import { type CollectionFacts, type Facts, isDeployed } from '../../facts/facts.ts';
import {
  broken,
  DEPLOY,
  type Finding,
  listText,
  ok,
  unknown,
  warn,
} from '../../findings/finding.ts';

/**
 * Checks that the collections have the indexes that the service desires: the same keys, the same
 * uniqueness.
 */
export function checkIndexes(facts: Facts): Finding[] {
  const check = 'indexes.all';
  return Object.entries(facts.service.collections).flatMap(([name, desired]) =>
    findingsFrom(facts.collections[name], check, (actual) => {
      if (actual) return compareIndexes(name, desired, actual);
      const what = `集合不存在 (no such collection): ${name}`;
      return [isDeployed(facts) ? broken(check, what, DEPLOY) : unknown(check, what, DEPLOY)];
    }),
  );
}

function compareIndexes(
  name: string,
  desired: CollectionResource,
  actual: CollectionFacts,
): Finding[] {
  const check = 'indexes.all';
  const missing = desired.indexes.filter((index) => !isPresent(index, actual.indexes));
  const named = (which: IndexResource[]) => listText(which.map((index) => `${name}/${index.name}`));
  const unique = missing.filter((index) => index.unique === true);
  const plain = missing.filter((index) => index.unique !== true);
  if (missing.length === 0) return [ok(check, `${name}: ${desired.indexes.length}`)];
  return [
    ...(unique.length > 0
      ? [
          broken(
            check,
            `缺少唯一索引，或键不同，重复无法被拒绝 (unique indexes are missing or differ: nothing refuses duplicates): ${named(unique)}`,
            `${DEPLOY}；已有重复数据时先处理 (resolve duplicates first, where there are any)`,
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

function isPresent(desired: IndexResource, actual: CollectionFacts['indexes']) {
  const { name, unique = false } = desired;
  return actual.some(
    (actual) => actual.name === name && actual.keys === keysOf(desired) && actual.unique === unique,
  );
}
