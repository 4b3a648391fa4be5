import type { Essence, Play, Scenario, ScenarioStep } from '../api/worlds/scenarios.ts';
import type { ControlDeps } from '../deps.ts';
import { SEGMENT } from './calls.ts';
import { essenceOf } from './essence.ts';
import { instantOf, momentNamed } from './moments.ts';
import { filled, namesIn, valueAt } from './variables.ts';

/** Makes a call of the control API as any client does. */
export type CallControl = (method: string, path: string, body: unknown) => Promise<Response>;

/** A play needs these. */
export interface PlayDeps extends ControlDeps {
  callControl: CallControl;
  /** Told how many steps are done. */
  progress(done: number): void;
}

type Stop = NonNullable<Play['stopped']>;
interface Came {
  essence: Essence;
  answer: unknown;
}

/** Plays a scenario step by step; the first that answers otherwise than it should is the last. */
export async function playScenario(deps: PlayDeps, scenario: Scenario): Promise<Play> {
  const { name, numbers, steps } = scenario;
  const values = new Map(numbers.map((number) => [number, newNumber(deps)]));
  const played: Play['played'] = [];
  const outcome = { name, steps: steps.length, played };
  for (const [at, step] of steps.entries()) {
    const stopAs = (call: string, reason: string, came?: Essence): Play => {
      const made = { call, ...detailOf(step) };
      const stopped: Stop = { step: at + 1, ...made, expected: step.answered, reason };
      return { ...outcome, stopped: came ? { ...stopped, came } : stopped };
    };
    const asked = fillStep(deps, step, values);
    if ('missing' in asked) return stopAs(step.call, asked.missing);
    const { essence, answer } = await make(deps, asked, step);
    const call = `${asked.method} ${asked.path}`;
    const reason = differenceOf(step, answer, essence) ?? remember(step, answer, values);
    if (reason !== undefined) return stopAs(call, reason, essence);
    played.push({ call, ...detailOf(step), came: essence });
    deps.progress(at + 1);
  }
  return outcome;
}

/** Finds what says most of a step's body. */
function detailOf({ body }: ScenarioStep): { detail?: string } {
  const { name, action, advance, to } = Object(body);
  const detail = [name, action, advance, to].find((each) => typeof each === 'string');
  return detail === undefined ? {} : { detail };
}

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

function fillStep(
  deps: ControlDeps,
  { call, body }: ScenarioStep,
  values: ReadonlyMap<string, string>,
): Asked | { missing: string } {
  const find = (name: string) =>
    momentNamed(name)
      ? instantOf(deps, name, (variable) => values.get(variable))
      : values.get(name);
  const names = [...namesIn(call), ...namesIn(body)];
  const unknown = names.find((name) => find(name) === undefined);
  if (unknown !== undefined) return { missing: `没有 (there is no) ${unknown}` };
  const fill = (value: unknown) => filled(value, (name) => find(name) ?? '');
  const [method = '', template = ''] = call.split(' ');
  const segments = template.split('/').map((segment) => String(fill(segment)));
  const strange = segments.slice(2).find((segment) => !SEGMENT.test(segment));
  if (strange !== undefined) return { missing: `不能用在路径中 (in no path): ${strange}` };
  return { method, path: segments.map(encodeURIComponent).join('/'), body: fill(body) };
}

async function make(
  { callControl }: PlayDeps,
  { method, path, body }: Asked,
  { answered }: ScenarioStep,
): Promise<Came> {
  const response = await callControl(method, path, body);
  const answer: unknown = await response.json();
  const expected = Object.keys(answered).filter((place) => place !== 'http');
  const essence = {
    ...essenceOf(response.status, answer),
    ...essenceOf(response.status, answer, expected),
  };
  return { essence, answer };
}

/** Says in what an answer differs from the expected one; undefined where it does not. */
function differenceOf({ answered }: ScenarioStep, answer: unknown, came: Essence) {
  const different = Object.keys(answered).find((place) => came[place] !== answered[place]);
  if (different === undefined) return undefined;
  const { message } = Object(Object(answer).error);
  const { errMsg } = Object(Object(answer).result);
  const text = [message, errMsg].find((each) => typeof each === 'string');
  const words = text === undefined ? '' : `: ${text}`;
  return `${different}: ${came[different] ?? '—'}，应为 (expected) ${answered[different]}${words}`;
}

/** Keeps the values that later steps name; says which one the answer has not. */
function remember({ save = {} }: ScenarioStep, answer: unknown, values: Map<string, string>) {
  for (const [name, place] of Object.entries(save)) {
    const value = valueAt(answer, place);
    if (typeof value !== 'string') return `应答中没有 (the answer has no) ${place}`;
    values.set(name, value);
  }
  return undefined;
}

/** Makes a number that no order, refund or purchase has. */
function newNumber({ world }: ControlDeps): string {
  return `S${world.randomBytes(12).toString('hex').toUpperCase()}`;
}
