import type { Action, Workshop } from '../action.ts';
import { refuse } from '../errors.ts';
import type { FunctionState } from '../state/functions.ts';
import { filters, optionalText, type Params, pageOf, requiredText } from '../wire/params.ts';
import { timeText } from '../wire/times.ts';
import { resolve } from './qualifier.ts';
import { environmentShown, othersShown } from './settings.ts';
import { triggerShown } from './trigger.ts';

/** `GetFunction`: a version, by default `$LATEST`, with all triggers of the function. */
export const getFunction: Action = {
  write: false,
  run: (params, { functions, options }) => {
    const state = functions.get(requiredText(params, 'FunctionName'));
    const qualifier = optionalText(params, 'Qualifier') ?? '$LATEST';
    const { version, revision, status } = resolve(state, qualifier);
    return {
      ...othersShown(revision.others),
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
      Environment: environmentShown(revision.environment),
      CodeSize: revision.codeBytes,
      Triggers: state.triggers.map(triggerShown),
      AddTime: timeText(revision.addedMs),
      ModTime: timeText(revision.modifiedMs),
    };
  },
};

const filterNames = ['Status', 'Runtime', 'Type', 'Stamp', 'Role', 'ClsTopicId', 'ClsLogsetId'];

/** `ListFunctions`: by part of the name or description, or by exact fields. */
export const listFunctions: Action = {
  write: false,
  run: (params, workshop) => {
    const wanted = filters(params, filterNames);
    const found = workshop.functions
      .all()
      .filter((state) => matches(state, params))
      .map((state) => rowOf(state, workshop))
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

function rowOf(state: FunctionState, { options }: Workshop): Record<string, unknown> {
  return {
    ...othersShown(state.latest.others),
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
