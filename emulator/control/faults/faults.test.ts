import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { emptyLocalCloud } from '../../../tests/support/localCloud.ts';
import type { LocalCloud } from '../../main.ts';
import type { Fault } from '../../world/faults.ts';
import type { AnswerOf } from '../api/controlApi.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
});
afterAll(() => cloud.close());
afterEach(() => ask('PUT', '', []));

interface Refusal {
  error: { field: string; message: string };
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${cloud.url}/_local/faults${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as T;
}

const presets = () => ask<AnswerOf<'GET /_local/faults/presets'>>('GET', '/presets');
const play = (name: string, to: 'on' | 'off') =>
  ask<AnswerOf<'GET /_local/faults/presets'>>('POST', `/presets/${name}`, { to });
const onAmong = (all: AnswerOf<'GET /_local/faults/presets'>) =>
  all.filter(({ isOn }) => isOn).map(({ name }) => name);

test('every place, with each of its kinds and codes, is switched on as it is listed', async () => {
  const places = await ask<AnswerOf<'GET /_local/faults/places'>>('GET', '/places');
  expect(new Set(places.map(({ at }) => at)).size).toBe(places.length);
  const faults = places.flatMap(({ at, kinds }) =>
    kinds.flatMap(({ kind, codes = [], codePattern }): Fault[] => {
      const fault: Fault = kind === 'slow' ? { at, kind, delayMs: 1 } : { at, kind };
      const others = codePattern === undefined ? codes : [...codes, 'SYS_ERR'];
      return [fault, ...others.map((code) => ({ ...fault, code }))];
    }),
  );
  expect(faults.length).toBeGreaterThan(500);
  const taken = faults.map((fault) => ({ ...fault, taken: 0 }));
  expect(await ask('POST', '', { on: faults })).toEqual(taken);
});

const known = { at: 'wechatpay.query', kind: 'lost_request' };
test.each([
  ['on.1.at', { ...known, at: 'wechatpay.qeury' }],
  ['on.1.kind', { ...known, kind: 'duplicate' }],
  ['on.1.kind', { ...known, kind: 'explode' }],
  ['on.1.code', { ...known, kind: 'error', code: 'NOT_A_WORD' }],
  ['on.1.delayMs', { ...known, kind: 'slow' }],
  ['on.1.delayMs', { ...known, delayMs: 5 }],
  ['on.1.delayMs', { ...known, kind: 'slow', delayMs: 0 }],
  ['on.1.delayMs', { ...known, kind: 'slow', delayMs: 2 ** 31 }],
  ['on.1.times', { ...known, times: 0 }],
  ['on.1.times', { ...known, times: 1.5 }],
  ['on.1.times', { ...known, times: 'three' }],
  ['on.1.probability', { ...known, probability: 0 }],
  ['on.1.probability', { ...known, probability: 1.1 }],
  ['on.1.often', { ...known, often: 1 }],
])(
  '%s is refused by its name, in both languages, and nothing changes: %o',
  async (field, fault) => {
    const { error } = await ask<Refusal>('POST', '', { on: [known, fault] });
    expect(error.field).toBe(field);
    expect(error.message).toMatch(/\p{Script=Han}.*\([^)]*[a-z]+[^)]*\)$/u);
    expect(await ask('GET', '')).toEqual([]);
  },
);

test('a preset is switched on and off beside what else is on', async () => {
  await ask('POST', '', { on: [known] });
  for (const { name, faults } of await presets()) {
    expect(onAmong(await play(name, 'on')), name).toEqual([name]);
    const taken = [known, ...faults].map((fault) => ({ ...fault, taken: 0 }));
    expect(await ask('GET', ''), name).toEqual(taken);
    expect(onAmong(await play(name, 'off')), name).toEqual([]);
    expect(await ask('GET', '')).toEqual([{ ...known, taken: 0 }]);
  }
});

test('a preset of which a part is off is off, and so is one that is used up', async () => {
  const [
    {
      faults: [first, second],
    } = { faults: [] },
  ] = await play('callbacksLost', 'on');
  await ask('POST', '', { off: [first] });
  expect(onAmong(await presets())).toEqual([]);
  await ask('POST', '', { on: [{ ...first, times: 1 }] });
  cloud.world.faults.take('wechatpay.notify');
  expect(onAmong(await presets())).toEqual(['callbacksLost']);
  await ask('POST', '', { on: [{ ...second, times: 1 }] });
  cloud.world.faults.take('wechatpay.refundNotify');
  expect(onAmong(await presets())).toEqual([]);
});

test('no preset has a name that is not listed', async () => {
  const { error } = (await play('everything', 'on')) as unknown as Refusal;
  expect(error.field).toBe('name');
});

test('each preset has its words in both languages, and no two faults of it are one switch', async () => {
  for (const { name, title, money, sight, faults } of await presets()) {
    for (const { zh, en } of [title, money, sight]) {
      expect(zh, name).toMatch(/^[^a-z]+$/);
      expect(en, name).not.toMatch(/\p{Script=Han}/u);
    }
    expect((await ask<Fault[]>('POST', '', { on: faults })).length).toBe(faults.length);
    await ask('PUT', '', []);
  }
});

test('the renewed certificate is WeChat’s own, until the world is emptied the functions trust it', async () => {
  const before = cloud.wechat.merchant().platformSerial;
  await play('certificateRotation', 'on');
  expect(cloud.wechat.merchant().platformSerial).not.toBe(before);
  await fetch(`${cloud.url}/_local/reset`, { method: 'POST' });
  expect(onAmong(await presets())).toEqual([]);
});
