import {
  SCENARIO,
  SCENARIO_BYTES_MAX,
  type Scenario,
  type ScenarioStep,
} from '../api/worlds/scenarios.ts';
import { RefusalError } from '../errors.ts';
import { SEGMENT, stepCallOf } from './calls.ts';
import { momentNamed } from './moments.ts';
import { namesIn } from './variables.ts';

/** JSON of a body goes no deeper. */
const DEPTH_MAX = 40;
const VARIABLE = /^[A-Za-z]\w{0,40}$/;

/** Writes a scenario as a file for people: one step after the other, each change of it a line. */
export function encodeScenario(scenario: Scenario): string {
  return `${JSON.stringify(scenario, undefined, 2)}\n`;
}

/**
 * Reads a file that may be anybody's, and refuses it whole where a step is no call that a scenario may have, or names
 * a value that none before it gives.
 */
export function decodeScenario(file: Uint8Array): Scenario {
  if (file.byteLength > SCENARIO_BYTES_MAX) throw broken(`> ${SCENARIO_BYTES_MAX} B`);
  const found = jsonOf(file);
  if (Object(found).version !== undefined && Object(found).version !== 1) {
    throw broken(`version ${String(Object(found).version).slice(0, 20)}`);
  }
  if (isDeeper(found, DEPTH_MAX)) throw broken('depth');
  const parsed = SCENARIO.safeParse(found);
  if (!parsed.success) throw broken(parsed.error.issues[0]?.path.join('.') || 'scenario');
  checkSteps(parsed.data);
  return parsed.data;
}

function checkSteps({ numbers, steps }: Scenario): void {
  const known = new Set(numbers);
  for (const name of known) checkVariable(name);
  for (const [at, step] of steps.entries()) {
    const place = `steps.${at}`;
    checkCall(step, place);
    for (const name of [...namesIn(step.call), ...namesIn(step.body)]) {
      const moment = momentNamed(name);
      const variable = moment ? moment.variable : name;
      if (variable !== undefined && !known.has(variable)) throw broken(`${place}: \${${name}}`);
    }
    for (const name of Object.keys(step.save ?? {})) {
      checkVariable(name);
      known.add(name);
    }
  }
}

function checkVariable(name: string): void {
  if (!VARIABLE.test(name) || momentNamed(name)) throw broken(name);
}

function checkCall({ call }: ScenarioStep, place: string): void {
  const found = stepCallOf(call);
  const isSound = found?.segments
    .slice(2)
    .every((segment) => SEGMENT.test(segment.replace(/\$\{\w+\}/g, 'x')));
  if (!isSound) throw broken(`${place}: ${call.slice(0, 120)}`);
}

/** Makes the refusal of a file that is no scenario, or one that may not be played. */
function broken(what: string): RefusalError {
  const message = `场景文件有误，什么也没有做 (no scenario that can be played; nothing was done): ${what}`;
  return new RefusalError(400, 'BROKEN_SCENARIO', message, 'body');
}

/** Parses JSON that names no prototype: whoever copies it would change what objects are. */
function jsonOf(file: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file);
    if (/"(?:_|\\u005f){2}proto/i.test(text)) throw new Error('__proto__');
    return JSON.parse(text);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
