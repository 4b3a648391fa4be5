import type { Action, ActionDeps, Reply } from '../action.ts';
import { refuse } from '../errors.ts';
import type { Version } from '../state/functions.ts';
import { optionalText, pageOf, requiredText } from '../wire/params.ts';
import { timeText } from '../wire/times.ts';
import { checkDescription } from './limits.ts';
import { publishedOf, versionOf } from './qualifier.ts';

/** `PublishVersion`: freezes `$LATEST` under the next number; Publishing, then Active. */
export const publishVersion: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, world, options }) => {
    const state = progress.active(requiredText(params, 'FunctionName'));
    const description = optionalText(params, 'Description') ?? '';
    checkDescription(description);
    const now = world.clock.nowMs();
    const version: Version = {
      ...state.latest,
      description,
      addedMs: now,
      modifiedMs: now,
      status: 'Publishing',
    };
    const published = state.published + 1;
    const versions = { ...state.versions, [published]: version };
    progress.begin({ ...state, status: 'Publishing', published, versions });
    return {
      FunctionVersion: String(published),
      CodeSize: version.codeBytes,
      MemorySize: version.memoryMb,
      Description: description,
      Handler: version.handler,
      Timeout: version.timeoutS,
      Runtime: version.runtime,
      Namespace: options.envId,
    };
  },
};

/** `ListVersionByFunction`: `$LATEST` first, then the newest. */
export const listVersionByFunction: Action = {
  write: false,
  run: (params, { functions }) => {
    const state = functions.get(requiredText(params, 'FunctionName'));
    const numbers = Object.keys(state.versions).sort((a, b) => Number(b) - Number(a));
    if (optionalText(params, 'Order') === 'ASC') numbers.reverse();
    const all = ['$LATEST', ...numbers];
    const shown = pageOf(params, all);
    return {
      FunctionVersion: shown,
      Versions: shown.map((number) => {
        const { revision, status } = versionOf(state, number);
        return {
          Version: number,
          Description: revision.description,
          AddTime: timeText(revision.addedMs),
          ModTime: timeText(revision.modifiedMs),
          Status: status,
        };
      }),
      TotalCount: all.length,
    };
  },
};

/** `DeleteFunctionVersion`: refused while an alias leads to it. */
export const deleteFunctionVersion: Action = {
  write: true,
  deploys: true,
  run: (params, deps) =>
    deleteVersion(requiredText(params, 'FunctionName'), requiredText(params, 'Qualifier'), deps),
};

/** Deletes one published version, with the triggers that are bound to it. */
export function deleteVersion(name: string, qualifier: string, deps: ActionDeps): Reply {
  const state = deps.progress.ready(name);
  if (!/^\d+$/.test(qualifier)) {
    throw refuse(
      'InvalidParameterValue.Qualifier',
      `只能删除已发布的版本，不能删除 ${qualifier} (only a published version can be deleted)`,
    );
  }
  publishedOf(state, qualifier);
  const alias = Object.values(state.aliases).find(({ version }) => version === qualifier);
  if (alias) {
    throw refuse(
      'UnsupportedOperation.AliasBind',
      `别名 ${alias.name} 指向版本 ${qualifier}，请先修改别名 (an alias leads to it: move that first)`,
    );
  }
  const { [qualifier]: _, ...versions } = state.versions;
  const triggers = state.triggers.filter((trigger) => trigger.qualifier !== qualifier);
  deps.functions.put({ ...state, versions, triggers });
  return {};
}
