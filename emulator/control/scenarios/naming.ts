import type { ScenarioStep } from '../api/worlds/scenarios.ts';
import type { ControlDeps } from '../deps.ts';
import { type RecordedAct, SEGMENT } from './calls.ts';
import { isInstant, momentNamed, momentOf } from './moments.ts';
import { generalised, leavesOf } from './variables.ts';

/** Writes names in the place of values that another play has others of. */
export interface Naming {
  /** Makes a step of an act; none where its path has what no path of a scenario may have. */
  name(act: RecordedAct): Pick<ScenarioStep, 'call' | 'body'> | undefined;
  /** Remembers what an answer gave, for the steps after it. */
  remember(step: Pick<ScenarioStep, 'save'>, answer: unknown): void;
  /** Lists the names whose values the caller made. */
  numbers(): string[];
}

/** Whoever calls a function makes these itself, a new one each time. */
const NUMBERS = ['outTradeNo', 'outRefundNo', 'purchaseId'];
/** A value like a number: what it names is found by it alone. */
const TOKEN = /^(?=.*\d)[\w|*@-]{8,128}$/;

interface Source {
  step: Pick<ScenarioStep, 'save'>;
  place: string;
}

/** Builds the naming of one recording. */
export function createNaming(deps: ControlDeps): Naming {
  const names = new Map<string, string>();
  const numbers: string[] = [];
  const answered = new Map<string, Source>();
  const asked = new Set<string>();
  const give = (value: string, key: string) => {
    const name = newName(key, [...names.values()]);
    names.set(value, name);
    return name;
  };
  const nameOf = (text: string): string | undefined => {
    if (isInstant(text)) return undefined;
    const given = answered.get(text);
    if (!names.has(text) && given && !asked.has(text)) {
      const name = give(text, given.place.split('.').at(-1) ?? '');
      given.step.save = { ...given.step.save, [name]: given.place };
    }
    return names.get(text);
  };
  const nameNumbers = ({ template, body }: RecordedAct) => {
    if (template !== '/_local/call') return;
    for (const { place, value } of leavesOf(Object(body).data)) {
      const key = place.split('.').at(-1) ?? '';
      if (typeof value !== 'string' || !NUMBERS.includes(key)) continue;
      if (names.has(value) || answered.has(value) || isKnown(deps, key, value)) continue;
      numbers.push(give(value, key));
    }
  };
  return {
    name: (act) => {
      nameNumbers(act);
      const timed = /^\/_local\/(?:clock|cashier\/)/.test(act.template);
      const text = (value: string) =>
        timed && isInstant(value)
          ? momentOf(deps, value, [...names.keys(), ...answered.keys()], nameOf)
          : nameOf(value);
      const body = generalised(act.body, text);
      const segments = act.pathname.split('/').map(decodeURIComponent);
      if (!segments.slice(2).every((segment) => SEGMENT.test(segment))) return undefined;
      const path = segments.map((segment) => generalised(segment, nameOf)).join('/');
      for (const { value } of leavesOf(act.body)) if (typeof value === 'string') asked.add(value);
      return { call: `${act.method} ${path}`, ...(body === undefined ? {} : { body }) };
    },
    remember: (step, answer) => {
      for (const { place, value } of leavesOf(answer)) {
        if (isToken(value) && !answered.has(value)) answered.set(value, { step, place });
      }
    },
    numbers: () => numbers,
  };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

/** An order or refund from before the recording keeps its number. */
function isKnown({ wechat }: ControlDeps, key: string, value: string): boolean {
  if (key === 'outTradeNo') return wechat.truth(value) !== undefined;
  return key === 'outRefundNo' && wechat.refundTruth(value) !== undefined;
}

function newName(key: string, taken: readonly string[]): string {
  const base = /^[A-Za-z]\w{0,30}$/.test(key) && !momentNamed(key) ? key : 'value';
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}${count}`;
    if (!taken.includes(name)) return name;
  }
}
