import { cronFault } from '../../world/time/cron.ts';
import type { Action } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { FunctionState, Trigger } from '../state/functions.ts';
import { filters, optionalText, type Params, pageOf, requiredText } from '../wire/params.ts';
import { timeText } from '../wire/times.ts';
import { resolve } from './qualifier.ts';

/** Timers of one function. Source: 583/11637. */
const TIMERS_MAX = 10;
const NAME_FORM = /^[A-Za-z0-9_-]{1,100}$/;

/** `CreateTrigger`: a timer; `TriggerDesc` is its expression as plain text. */
export const createTrigger: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions, world }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const named = identityOf(params);
    if (state.triggers.some((trigger) => hasIdentity(trigger, named))) {
      throw refuse('ResourceInUse.TriggerName', `触发器 ${named.name} 已存在 (the trigger exists)`);
    }
    if (state.triggers.length >= TIMERS_MAX) {
      throw refuse('LimitExceeded.Trigger', '最多 10 个定时触发器 (at most 10 timers)');
    }
    resolve(state, named.qualifier);
    const now = world.clock.nowMs();
    const blank = { enabled: true, cron: '', message: '', description: '' };
    const trigger = applyParams({ ...named, ...blank, addedMs: now, modifiedMs: now }, params);
    checkCron(trigger.cron);
    functions.put({ ...state, triggers: [...state.triggers, trigger] });
    return { TriggerInfo: triggerView(trigger) };
  },
};

/** `UpdateTrigger`: what is given is replaced. */
export const updateTrigger: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions, world }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const trigger = applyParams(triggerOf(state, params), params);
    checkCron(trigger.cron);
    functions.put(withTrigger(state, { ...trigger, modifiedMs: world.clock.nowMs() }));
    return {};
  },
};

/** `UpdateTriggerStatus`: turns a timer on or off. */
export const updateTriggerStatus: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions, world }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const enabled = isOpen(requiredText(params, 'Enable'));
    const trigger = triggerOf(state, params);
    functions.put(withTrigger(state, { ...trigger, enabled, modifiedMs: world.clock.nowMs() }));
    return {};
  },
};

/** `DeleteTrigger` */
export const deleteTrigger: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const gone = triggerOf(state, params);
    functions.put({
      ...state,
      triggers: state.triggers.filter((each) => !hasIdentity(each, gone)),
    });
    return {};
  },
};

/** `ListTriggers`: the one that changed last comes first. */
export const listTriggers: Action = {
  write: false,
  run: (params, { functions }) => {
    const { triggers } = functions.get(requiredText(params, 'FunctionName'));
    const wanted = filters(params, ['Qualifier', 'TriggerName', 'Description']);
    const found = triggers
      .map(triggerView)
      .filter((trigger) =>
        [...wanted].every(([name, values]) =>
          values.includes(String(trigger[name as 'Qualifier'])),
        ),
      );
    found.sort((a, b) => b.ModTime.localeCompare(a.ModTime));
    if (optionalText(params, 'Order') === 'ASC') found.reverse();
    return { TotalCount: found.length, Triggers: pageOf(params, found) };
  },
};

/** Shows a trigger as the API does: the expression as JSON, the switch as a number. */
export function triggerView(trigger: Trigger) {
  return {
    TriggerName: trigger.name,
    Type: 'timer',
    TriggerDesc: JSON.stringify({ cron: trigger.cron }),
    Enable: trigger.enabled ? 1 : 0,
    Qualifier: trigger.qualifier,
    CustomArgument: trigger.message,
    Description: trigger.description,
    AvailableStatus: 'Available',
    AddTime: timeText(trigger.addedMs),
    ModTime: timeText(trigger.modifiedMs),
  };
}

type Identity = Pick<Trigger, 'name' | 'qualifier'>;

function identityOf(params: Params): Identity {
  const type = requiredText(params, 'Type');
  if (type !== 'timer') throw notSimulated('InvalidParameterValue.Type', `Type ${type}`);
  const name = requiredText(params, 'TriggerName');
  if (!NAME_FORM.test(name)) {
    throw refuse(
      'InvalidParameterValue.TriggerName',
      `触发器名 ${name} 不合法：1–100 个字母、数字、- 或 _ (1 to 100 letters, digits, - or _)`,
    );
  }
  return { name, qualifier: optionalText(params, 'Qualifier') ?? '$LATEST' };
}

function hasIdentity(trigger: Trigger, { name, qualifier }: Identity): boolean {
  return trigger.name === name && trigger.qualifier === qualifier;
}

function triggerOf(state: FunctionState, params: Params): Trigger {
  const named = identityOf(params);
  const trigger = state.triggers.find((each) => hasIdentity(each, named));
  if (trigger) return trigger;
  const { name, qualifier } = named;
  throw refuse(
    'ResourceNotFound.Timer',
    `函数 ${state.name} 在 ${qualifier} 上没有定时器 ${name}，请检查 Qualifier (no such timer)`,
  );
}

function withTrigger(state: FunctionState, next: Trigger): FunctionState {
  return {
    ...state,
    triggers: state.triggers.map((each) => (hasIdentity(each, next) ? next : each)),
  };
}

function applyParams(trigger: Trigger, params: Params): Trigger {
  const enable = optionalText(params, 'Enable');
  return {
    ...trigger,
    cron: optionalText(params, 'TriggerDesc') ?? trigger.cron,
    enabled: enable === undefined ? trigger.enabled : isOpen(enable),
    message: optionalText(params, 'CustomArgument') ?? trigger.message,
    description: optionalText(params, 'Description') ?? trigger.description,
  };
}

function isOpen(enable: string): boolean {
  if (enable === 'OPEN' || enable === 'CLOSE') return enable === 'OPEN';
  throw refuse('InvalidParameterValue.Enable', 'Enable 应为 OPEN 或 CLOSE (OPEN or CLOSE)');
}

function checkCron(cron: string): void {
  const fault = cronFault(cron);
  if (fault) {
    throw refuse('InvalidParameterValue.TriggerDesc', `TriggerDesc "${cron}"：${fault}`);
  }
}
