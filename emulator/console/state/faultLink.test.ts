import { expect, test } from 'vitest';
import { linkOf, missingIn } from './faultLink.ts';
import { activeFaults, type Fault, type Preset } from './faults.ts';

const words = { zh: '', en: '' };
const lost: Fault = { at: 'wechatpay.notify', kind: 'lost_request' };
const preset: Preset = {
  name: 'callbacksLost',
  title: words,
  money: words,
  sight: words,
  faults: [lost],
  isOn: false,
};
const onPreset: Preset = { ...preset, isOn: true };
const faults: Fault[] = [
  { at: 'wechatpay.query', kind: 'slow', delayMs: 2000, times: 3, probability: 0.5 },
  { at: 'wechatpay.query', kind: 'error', code: 'HTTP_502' },
  { at: 'cloudbase.getDocument', kind: 'error', code: 'SYS_ERR', times: 1 },
];

test('what is on is read from the address as it was written, the times as they were at first', () => {
  const on = faults.map((fault) => ({ ...fault, taken: 0 }));
  const [slow, ...others] = on;
  const later = [...(slow ? [{ ...slow, times: 1, taken: 2 }] : []), ...others];
  const link = linkOf(activeFaults([...later, { ...lost, taken: 7 }], [onPreset]));
  expect(link).toBe(
    'callbacksLost wechatpay.query*slow*2000ms*3x*0.5p wechatpay.query*error*HTTP_502 cloudbase.getDocument*error*SYS_ERR*1x',
  );
  expect(missingIn(link, [preset], [])).toEqual({
    presets: [preset],
    faults,
    unknown: [],
  });
});

test('what is on already is not asked for, and what is used up is not in the address', () => {
  const on = [{ ...lost, times: 0, taken: 1 }];
  expect(linkOf(activeFaults(on, [preset]))).toBe('');
  expect(missingIn('callbacksLost wechatpay.notify*lost_request', [onPreset], on)).toEqual({
    presets: [],
    faults: [],
    unknown: [],
  });
});

test('words that name nothing are shown', () => {
  expect(missingIn('everything <b>', [preset], []).unknown).toEqual(['everything', '<b>']);
});
