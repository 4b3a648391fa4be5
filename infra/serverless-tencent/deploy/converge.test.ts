import { beforeEach, describe, expect, test } from 'vitest';
import { CloudError } from '../cloud/cloudError.ts';
import { DeployRefusal, type Resource, type Step } from '../resources/resource.ts';
import { converge } from './converge.ts';

/** The events in order: looks, steps begun and done, waits. */
let story: string[];
const wait = async (ms: number) => {
  story.push(`wait ${ms}`);
};
const listener = {
  onStart: ({ action }: Step) => void story.push(`begins ${action}`),
  onDone: ({ action }: Step) => void story.push(`done ${action}`),
};
beforeEach(() => {
  story = [];
});

type Run = () => void;

/**
 * Makes a resource that shall hold the parts `wanted`. A step puts one in; `acts` are what its runs
 * do, in order, the last one for ever: `put` as it should, or throw, before or after it took
 * effect.
 */
function resourceOf(desired: readonly string[], acts: ((put: Run) => void)[]): Resource {
  const actual = new Set<string>();
  let runs = 0;
  const step = (part: string): Step => ({
    subject: 'thing',
    action: part,
    run: async () => {
      const act = acts[Math.min(runs, acts.length - 1)];
      runs += 1;
      act?.(() => void actual.add(part));
    },
  });
  return {
    subject: 'thing',
    steps: async () => {
      story.push('look');
      return desired.filter((part) => !actual.has(part)).map(step);
    },
  };
}

const works = (put: Run) => put();
const failure = (code: string) => new CloudError('scf.CreateThing', { code, message: 'why' });
/** The call did not take effect. */
const lost = (code: string) => () => {
  throw failure(code);
};
/** The call took effect, and its answer did not come. */
const answerLost = (code: string) => (put: Run) => {
  put();
  throw failure(code);
};
const action = (steps: Step[]) => steps.map((step) => step.action);
const run = (resource: Resource) => converge(resource, wait, listener);

test('what is as it should be is looked at once, and left alone', async () => {
  expect(await run(resourceOf([], [works]))).toEqual([]);
  expect(story).toEqual(['look']);
});

test('what is missing is done in order, reported, and looked at again', async () => {
  expect(action(await run(resourceOf(['a', 'b'], [works])))).toEqual(['a', 'b']);
  expect(story).toEqual(['look', 'begins a', 'done a', 'begins b', 'done b', 'look']);
});

test('a step whose fate is unknown leads to a look, after a pause; what was done is not repeated', async () => {
  const resource = resourceOf(['a', 'b'], [answerLost('ECONNRESET'), works]);
  expect(action(await run(resource))).toEqual(['b']);
  expect(story).toEqual(['look', 'begins a', 'wait 50', 'look', 'begins b', 'done b', 'look']);
});

test('and what was not done is done then', async () => {
  const resource = resourceOf(['a', 'b'], [works, lost('ECONNRESET'), works]);
  expect(action(await run(resource))).toEqual(['a', 'b']);
  expect(story).toEqual([
    ...['look', 'begins a', 'done a', 'begins b', 'wait 50'],
    ...['look', 'begins b', 'done b', 'look'],
  ]);
});

test.each([
  ['busy', 'FailedOperation.FunctionStatusError'],
  ['throttled', 'RequestLimitExceeded'],
  ['somebody was first', 'ResourceInUse.Function'],
  ['gone meanwhile', 'ResourceNotFound.Function'],
  ['broken', 'HTTP_502'],
])('%s, %s: it looks again, each time after a longer pause', async (_what, code) => {
  expect(action(await run(resourceOf(['a'], [lost(code), lost(code), lost(code), works])))).toEqual(
    ['a'],
  );
  const waits = story.filter((line) => line.startsWith('wait'));
  expect(waits).toEqual(['wait 50', 'wait 100', 'wait 200']);
});

describe('is thrown at once, unchanged, and nothing more is done:', () => {
  test.each<[string, Error]>([
    ['what the cloud refuses', failure('InvalidParameterValue.Runtime')],
    ['a cloud that is not there', failure('ECONNREFUSED')],
    ['a refusal of ours', new DeployRefusal('RUNTIME_IMMUTABLE', 'why')],
    ['a mistake of ours', new TypeError('x is not a function')],
  ])('%s', async (_what, error) => {
    const throwing = () => {
      throw error;
    };
    await expect(run(resourceOf(['a', 'b'], [throwing, works]))).rejects.toBe(error);
    expect(story).toEqual(['look', 'begins a']);
  });

  test('a look that fails', async () => {
    const error = failure('InternalError');
    const resource: Resource = { subject: 'thing', steps: () => Promise.reject(error) };
    await expect(run(resource)).rejects.toBe(error);
    expect(story).toEqual([]);
  });
});

test('what stays busy is thrown after twelve rounds, as the cloud worded it', async () => {
  const busy = run(resourceOf(['a'], [lost('FailedOperation.FunctionStatusError')]));
  await expect(busy).rejects.toMatchObject({ code: 'FailedOperation.FunctionStatusError' });
  expect(story.filter((line) => line === 'begins a')).toHaveLength(12);
});

test('what another tool changes back is reported after twelve attempts, with what remains', async () => {
  const undone = run(resourceOf(['a', 'b'], [() => {}]));
  await expect(undone).rejects.toThrow(/^thing: .*another tool.*: a; b$/s);
  expect(story.filter((line) => line === 'done b')).toHaveLength(12);
  expect(story.at(-1)).toBe('look');
});
