import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type CallerKind, callersOf } from '../shared/contract/callers.ts';
import type { BuiltFunction } from './build/build.ts';
import {
  serverlessYmlSchema,
  type YmlFunction,
} from './serverless-tencent/service/serverlessYml.ts';

/**
 * WeChat DevTools (微信开发者工具) finds functions to upload in this folder, the value of
 * `cloudfunctionRoot`.
 */
export const DEV_TOOLS_FOLDER = join('dist', 'cloudfunctions');

/**
 * Writes the built functions as WeChat DevTools uploads them: a folder each with `index.js`,
 * `package.json` and `config.json`. Only timers that DevTools uploads carry the platform's token,
 * which cloud pay (云支付) needs. The triggers are those of `serverless.yml`; a timer function that is
 * not there at all was left to DevTools, and keeps its own. Source: functions/triggers, 云函数触发器.
 */
export async function writeDevToolsFolder(root: string, built: readonly BuiltFunction[]) {
  const triggers = triggersIn(await readFile(join(root, 'serverless.yml'), 'utf8'));
  await Promise.all(
    built.map(async ({ name, code }) => {
      const folder = join(root, DEV_TOOLS_FOLDER, name);
      await mkdir(folder, { recursive: true });
      await Promise.all([
        writeFile(join(folder, 'index.js'), code),
        writeFile(join(folder, 'package.json'), toJson(packageOf(name))),
        writeFile(
          join(folder, 'config.json'),
          toJson(configOf(triggers.get(name) ?? triggersLeft(name))),
        ),
      ]);
    }),
  );
}

interface Trigger {
  name: string;
  type: 'timer';
  /** Seven fields, in Beijing time, as in `serverless.yml`. */
  config: string;
}

/** Fires each minute, as `serverless.yml` of this project has it. */
const EVERY_MINUTE: Trigger = { name: 'every-minute', type: 'timer', config: '0 * * * * * *' };

/** Finds the trigger of a function that `serverless.yml` leaves to DevTools. */
function triggersLeft(name: string): Trigger[] {
  const callers: Partial<Record<string, readonly CallerKind[]>> = callersOf;
  return callers[name]?.includes('timer') ? [EVERY_MINUTE] : [];
}

function triggersIn(yml: string): Map<string, Trigger[]> {
  const { functions } = parse(yml) as { functions: unknown };
  const functionsByName: Record<string, YmlFunction> =
    serverlessYmlSchema.shape.functions.parse(functions);
  return new Map(
    Object.entries(functionsByName).map(([name, { events }]) => {
      const timers = events.flatMap(({ timer }) => (timer?.enabled ? [timer] : []));
      // DevTools takes one trigger a function.
      if (timers.length > 1)
        throw new Error(`${name}: 开发者工具只支持一个触发器 (DevTools takes one)`);
      return [
        name,
        timers.map(({ name: timer, cron }) => ({ name: timer, type: 'timer', config: cron })),
      ];
    }),
  );
}

function packageOf(name: string) {
  return { name, version: '1.0.0', private: true, main: 'index.js' };
}

function configOf(triggers: Trigger[]) {
  return { permissions: { openapi: [] }, ...(triggers.length > 0 ? { triggers } : {}) };
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
