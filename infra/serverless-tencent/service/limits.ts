/** The limits of the platform that `serverless.yml` alone shows. Source: 583/11637. */
import type { ServerlessYml, YmlFunction } from './serverlessYml.ts';

/**
 * A function has no more timers; deploys count those that stand there as well. WeChat DevTools takes
 * one, by a form of its own (functions/triggers).
 */
export const TIMERS_MAX = 10;

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$/;
const RESERVED_KEY = /^(SCF|QCLOUD|TENCENTCLOUD)_/;

/** Lists what the platform would refuse of functions, each fault with its path. */
export function functionLimitFaults(functions: ServerlessYml['functions']): string[] {
  return Object.entries(functions).flatMap(([name, fn]) => [
    ...(NAME.test(name)
      ? []
      : [
          `functions.${name}: 函数名应为 2–60 个字母、数字、- 或 _，以字母开头，不以 - _ 结尾 (2 to 60 letters, digits, - or _, a letter first, no - or _ last)`,
        ]),
    ...reservedKeys(fn).map(
      (key) =>
        `functions.${name}.environment.${key}: 系统保留的变量名 (reserved: SCF_, QCLOUD_ and TENCENTCLOUD_ are the platform’s)`,
    ),
    ...(timersOf(fn) > TIMERS_MAX
      ? [
          `functions.${name}.events: 定时触发器 ${timersOf(fn)} 个，每个函数最多 ${TIMERS_MAX} 个 (at most ${TIMERS_MAX} timers a function)`,
        ]
      : []),
  ]);
}

function reservedKeys({ environment }: YmlFunction): string[] {
  return Object.keys(environment).filter((key) => RESERVED_KEY.test(key));
}

function timersOf({ events }: YmlFunction): number {
  return events.filter(({ timer }) => timer).length;
}

/** Lists indexes that would meet another of their collection, each fault with its path. */
export function indexFaults(collections: ServerlessYml['collections']): string[] {
  return Object.entries(collections).flatMap(([collection, { indexes }]) =>
    indexes.flatMap(({ name, keys }, at) => {
      const path = `collections.${collection}.indexes.${at}`;
      const before = indexes.slice(0, at);
      const twin = before.find((other) => keysOf(other.keys) === keysOf(keys));
      if (before.some((other) => other.name === name)) {
        return [`${path}: 索引名 ${name} 重复 (the name of the index is taken)`];
      }
      return twin ? [`${path}: 与索引 ${twin.name} 的字段相同 (the same keys as that one)`] : [];
    }),
  );
}

/** Writes the keys of an index in their order, which is part of it. */
function keysOf(keys: Readonly<Record<string, number>>): string {
  return JSON.stringify(Object.entries(keys));
}
