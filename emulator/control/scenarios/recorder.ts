import {
  SCENARIO_BYTES_MAX,
  type Scenario,
  type ScenarioStep,
  STEPS_MAX,
} from '../api/worlds/scenarios.ts';
import type { ControlDeps } from '../deps.ts';
import { RefusalError } from '../errors.ts';
import { isRecorded, type RecordedAct } from './calls.ts';
import { essenceOf } from './essence.ts';
import { secondsOf } from './moments.ts';
import { createNaming, type Naming } from './naming.ts';

/** Takes up what is done through the control API, from whichever client, while somebody wants it. */
export interface Recorder {
  start(name: string): void;
  /** Ends the recording; none where no step came. */
  stop(): Scenario | undefined;
  current(): { name: string; steps: number; isFull: boolean } | undefined;
  /** Does an act, and keeps it with what it answered. */
  during<T>(act: RecordedAct, run: () => Promise<T>): Promise<T>;
}

interface Recording {
  name: string;
  steps: Draft[];
  bytes: number;
  isFull: boolean;
  naming: Naming;
  underWay: number;
  /** How the world stood when the last step was over. */
  rest?: Rest | undefined;
}

type Draft = Omit<ScenarioStep, 'answered'> & Partial<Pick<ScenarioStep, 'answered'>>;

interface Rest {
  atMs: number;
  /** When something was to happen next by itself, timers aside. */
  dueMs: number;
}

/** In so long every timer runs once at least. */
const TIMERS_MS = 60_000;

/** Builds a recorder that records nothing yet. */
export function createRecorder(deps: ControlDeps): Recorder {
  let recording: Recording | undefined;
  return {
    start: (name) => {
      const naming = createNaming(deps);
      recording = { name, steps: [], bytes: 0, isFull: false, naming, underWay: 0 };
    },
    stop: () => {
      const ended = recording;
      recording = undefined;
      return ended && scenarioOf(ended);
    },
    current: () =>
      recording && {
        name: recording.name,
        steps: recording.steps.length,
        isFull: recording.isFull,
      },
    during: async (act, run) => {
      const into = recording;
      const step = into && begin(deps, into, act);
      if (!into || !step) return run();
      into.underWay += 1;
      try {
        const answer = await run();
        step.answered = essenceOf(200, answer);
        into.naming.remember(step, answer);
        return answer;
      } catch (error) {
        if (error instanceof RefusalError) {
          step.answered = essenceOf(error.status, { error: { code: error.code } });
        }
        throw error;
      } finally {
        into.underWay -= 1;
        into.rest = restOf(deps);
      }
    },
  };
}

function begin(deps: ControlDeps, into: Recording, act: RecordedAct): Draft | undefined {
  if (!isRecorded(act)) return undefined;
  const { rest } = into;
  into.rest = undefined;
  const gap = rest && into.underWay === 0 ? gapSince(rest, deps.world.clock.nowMs()) : undefined;
  if (gap && !keep(into, gap)) return undefined;
  const named = into.naming.name(act);
  if (!named) return undefined;
  const step: Draft = JSON.parse(deps.mask(JSON.stringify(named)));
  return keep(into, step) ? step : undefined;
}

/** Makes a step of the time that went by, where something happened in it by itself. */
function gapSince({ atMs, dueMs }: Rest, nowMs: number): Draft | undefined {
  const goneMs = nowMs - atMs;
  if (dueMs > nowMs && goneMs < TIMERS_MS) return undefined;
  const timers = goneMs < TIMERS_MS ? 'none' : 'all';
  const body = { advance: secondsOf(goneMs), timers };
  return { call: 'POST /_local/clock', body, answered: { http: 200 } };
}

function keep(into: Recording, step: Draft): boolean {
  const bytes = Buffer.byteLength(JSON.stringify(step)) * 2;
  into.isFull ||=
    into.steps.length >= STEPS_MAX || into.bytes + bytes > SCENARIO_BYTES_MAX - 16_384;
  if (into.isFull) return false;
  into.bytes += bytes;
  into.steps.push(step);
  return true;
}

function restOf({ world }: ControlDeps): Rest {
  const due = world.agenda.list().filter(({ kind }) => kind !== 'timer');
  return { atMs: world.clock.nowMs(), dueMs: Math.min(...due.map(({ atMs }) => atMs)) };
}

/** Makes the file of what was recorded; a step that nothing was answered to is none. */
function scenarioOf({ name, steps, naming }: Recording): Scenario | undefined {
  const answered = steps.filter((step): step is ScenarioStep => step.answered !== undefined);
  if (answered.length === 0) return undefined;
  const numbers = naming.numbers();
  return { format: 'scf-wechatpay scenario', version: 1, name, numbers, steps: answered };
}
