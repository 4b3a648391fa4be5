import * as z from 'zod/mini';
import type { Call } from '../call.ts';

/** A scenario has so many steps at most, and its file so many bytes. */
export const STEPS_MAX = 200;
export const SCENARIO_BYTES_MAX = 256 * 1024;

const SCALAR = z.union([z.string(), z.number(), z.boolean()]);
/** An answer comes down to this: its HTTP status as `http`, and plain values at places as `result.errCode`. */
const ESSENCE = z
  .record(z.string(), SCALAR)
  .check(z.refine(({ http }) => typeof http === 'number', 'http'));
const STEP = z.strictObject({
  /** One call of this API: `POST /_local/cashier/${prepayId}`. */
  call: z.string(),
  body: z.optional(z.unknown()),
  answered: ESSENCE,
  /** Values of the answer that later steps name as `${…}`, with their places in it. */
  save: z.optional(z.record(z.string(), z.string())),
});

/** The file of a scenario. */
export const SCENARIO = z.strictObject({
  format: z.literal('scf-wechatpay scenario'),
  version: z.literal(1),
  name: z.string(),
  /** Names whose values each play makes anew: numbers of orders, refunds, purchases. */
  numbers: z.array(z.string()).check(z.maxLength(STEPS_MAX)),
  steps: z.array(STEP).check(z.minLength(1), z.maxLength(STEPS_MAX)),
});
export type Scenario = z.infer<typeof SCENARIO>;
export type ScenarioStep = z.infer<typeof STEP>;
export type Essence = z.infer<typeof ESSENCE>;

const LINE = z.object({
  name: z.string(),
  /** Of an example that comes with the local cloud; it can be neither replaced nor deleted. */
  title: z.optional(z.object({ zh: z.string(), en: z.string() })),
  steps: z.int(),
  /** Why it cannot be played. */
  fault: z.optional(z.string()),
});
/** The call that a step made, and of its body what says most: a function's name, an action, how far time moves. */
const MADE = { call: z.string(), detail: z.optional(z.string()) };
const PLAYED_STEP = z.object({
  ...MADE,
  came: ESSENCE,
});
const PLAY = z.object({
  name: z.string(),
  steps: z.int(),
  /** Each step that was played, with what it answered. */
  played: z.array(PLAYED_STEP),
  /** The step, from 1, at which it stopped: what was expected, what came, and the error's words where there is one. */
  stopped: z.optional(
    z.object({
      step: z.int(),
      ...MADE,
      expected: ESSENCE,
      /** Left out where nothing could be asked. */
      came: z.optional(ESSENCE),
      reason: z.string(),
    }),
  ),
});
const SCENARIOS = z.object({
  /** The recording under way; `isFull` once nothing more is taken up. */
  recording: z.optional(z.object({ name: z.string(), steps: z.int(), isFull: z.boolean() })),
  playing: z.optional(z.object({ name: z.string(), done: z.int(), steps: z.int() })),
  scenarios: z.array(LINE),
});
const REPLACE = z.strictObject({ replace: z.optional(z.enum(['true', 'false'])) });

/** The calls that record what is done through this API, and play it again. */
export const scenarioCalls = {
  'GET /_local/scenarios': {
    summary:
      '录下的与现成的场景，正在录制与播放的 (scenarios that were recorded or come along, and what is recorded or played now)',
    answer: SCENARIOS,
  },
  'POST /_local/scenarios/{name}/record': {
    summary:
      '开始录制：此后经本接口的每个改变都记为一步 (record: each change through this API is a step from here on)',
    query: REPLACE,
    answer: SCENARIOS,
  },
  'POST /_local/scenarios/{name}/stop': {
    summary: '停止录制并保存 (stop recording and keep it)',
    answer: SCENARIO,
  },
  'POST /_local/scenarios/{name}/play': {
    summary:
      '逐步播放，单号换新；应答与录制不同即停 (play it step by step with new numbers; it stops where an answer differs)',
    answer: PLAY,
  },
  'POST /_local/scenarios/play': {
    summary: '播放一个文件，不保存 (play a file, and keep nothing)',
    bodyFile: 'application/json',
    answer: PLAY,
  },
  'GET /_local/scenarios/{name}': { summary: '导出为文件 (export as a file)', answer: SCENARIO },
  'PUT /_local/scenarios/{name}': {
    summary: '导入文件，检查后保存 (import a file: it is checked and kept)',
    query: REPLACE,
    bodyFile: 'application/json',
    answer: LINE,
  },
  'DELETE /_local/scenarios/{name}': {
    summary: '删除；正在录制的则放弃 (delete; one that is being recorded is given up)',
    answer: z.object({}),
  },
} as const satisfies Record<string, Call>;
export type Play = z.infer<typeof PLAY>;
