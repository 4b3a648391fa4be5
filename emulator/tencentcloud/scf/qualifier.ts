import { refuse } from '../errors.ts';
import type { Alias, FunctionState, Revision, Status, Version } from '../state/functions.ts';

/** A qualifier leads to a version. */
export interface Qualified {
  /** `$LATEST` or a number. */
  version: string;
  revision: Revision;
  status: Status;
}

/** Follows `$LATEST`, a version's number or an alias. Refuses what is not there. */
export function resolve(state: FunctionState, qualifier: string): Qualified {
  if (isVersion(qualifier)) return versionOf(state, qualifier);
  return versionOf(state, aliasOf(state, qualifier).version);
}

/** Finds an alias by its name; refuses with ResourceNotFound.Alias. */
export function aliasOf(state: FunctionState, name: string): Alias {
  const alias = findAlias(state, name);
  if (alias) return alias;
  throw refuse(
    'ResourceNotFound.Alias',
    `函数 ${state.name} 没有别名 ${name} (there is no such alias)`,
  );
}

/** Finds an alias by its name, if there is one; `constructor` is no alias of every function. */
export function findAlias({ aliases }: FunctionState, name: string): Alias | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

/** Finds a version by its number or `$LATEST`; refuses with ResourceNotFound.FunctionVersion. */
export function versionOf(state: FunctionState, version: string): Qualified {
  if (version === '$LATEST') {
    return { version, revision: state.latest, status: state.status };
  }
  const revision = state.versions[version];
  if (!revision) throw noVersion(state.name, version);
  return { version, revision, status: revision.status };
}

/** Finds a published version, for what `$LATEST` cannot be used for. */
export function publishedOf(state: FunctionState, version: string): Version {
  const found = state.versions[version];
  if (!found) throw noVersion(state.name, version);
  return found;
}

/** Checks whether a qualifier is a version's number or `$LATEST`, rather than an alias. */
export function isVersion(qualifier: string): boolean {
  return qualifier === '$LATEST' || /^\d+$/.test(qualifier);
}

function noVersion(name: string, version: string) {
  return refuse(
    'ResourceNotFound.FunctionVersion',
    `函数 ${name} 没有版本 ${version} (there is no such version)`,
  );
}
