import type { Action, ActionDeps } from '../action.ts';
import { refuse } from '../errors.ts';
import type { FunctionState } from '../state/functions.ts';
import { filters, optionalText, type Params, pageOf, requiredText } from '../wire/params.ts';
import { timeText } from '../wire/times.ts';
import { resolve } from './qualifier.ts';
import { environmentView, othersView } from './settings.ts';
import { triggerView } from './trigger.ts';

/** `GetFunction`: a version, by default `$LATEST`, with all triggers of the function. */
export const getFunction: Action = {
  write: false,
  run: (params, { functions, options }) => {
    const state = functions.get(requiredText(params, 'FunctionName'));
    const qualifier = optionalText(params, 'Qualifier') ?? '$LATEST';
    const { version, revision, status } = resolve(state, qualifier);
    return {
      ...othersView(revision.others),
      FunctionName: state.name,
      FunctionId: state.id,
      Namespace: options.envId,
      FunctionVersion: version,
      Qualifier: qualifier,
      Type: 'Event',
      Status: status,
      StatusDesc: '',
      StatusReasons: [],
      AvailableStatus: 'Available',
      Handler: revision.handler,
      Runtime: revision.runtime,
      Description: revision.description,
      Timeout: revision.timeoutS,
      MemorySize: revision.memoryMb,
      Environment: environmentView(revision.environment),
      CodeSize: revision.codeBytes,
      Triggers: state.triggers.map(triggerView),
      AddTime: timeText(revision.addedMs),
      ModTime: timeText(revision.modifiedMs),
    };
  },
};

const FILTER_NAMES = ['Status', 'Runtime', 'Type', 'Stamp', 'Role', 'ClsTopicId', 'ClsLogsetId'];

/** `ListFunctions`: by part of the name or description, or by exact fields. */
export const listFunctions: Action = {
  write: false,
  run: (params, deps) => {
    const wanted = filters(params, FILTER_NAMES);
    const found = deps.functions
      .all()
      .filter((state) => matches(state, params))
      .map((state) => rowOf(state, deps))
      .filter((row) => [...wanted].every(([name, values]) => values.includes(String(row[name]))));
    sort(found, params);
    return { Functions: pageOf(params, found), TotalCount: found.length };
  },
};

function matches({ name, latest }: FunctionState, params: Params): boolean {
  return (
    name.includes(optionalText(params, 'SearchKey') ?? '') &&
    latest.description.includes(optionalText(params, 'Description') ?? '')
  );
}

function rowOf(state: FunctionState, { options }: ActionDeps): Record<string, unknown> {
  return {
    ...othersView(state.latest.others),
    FunctionName: state.name,
    FunctionId: state.id,
    Namespace: options.envId,
    Type: 'Event',
    Status: state.status,
    StatusDesc: '',
    StatusReasons: [],
    Runtime: state.latest.runtime,
    Description: state.latest.description,
    AddTime: timeText(state.latest.addedMs),
    ModTime: timeText(state.latest.modifiedMs),
  };
}

function sort(rows: Record<string, unknown>[], params: Params): void {
  const by = optionalText(params, 'Orderby') ?? 'FunctionName';
  if (!['AddTime', 'ModTime', 'FunctionName'].includes(by)) {
    throw refuse('InvalidParameterValue.Param', 'Orderby: AddTime, ModTime, FunctionName');
  }
  rows.sort((a, b) => String(a[by]).localeCompare(String(b[by])));
  if (optionalText(params, 'Order') === 'DESC') rows.reverse();
}
