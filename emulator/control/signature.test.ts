import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';
import type { Fault } from '../world/faults.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());
beforeEach(() => ask('POST', 'reset'));

/** Asks the control API as a script on this machine does. */
async function ask<T = object>(method: string, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { accept: 'application/json' };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
  return (await answer.json()) as T;
}

interface Notice {
  headers: Record<string, string>;
  body: string;
}

/** Pays an order under a fault, and returns the notification that WeChat made of it. */
async function noticeUnder(fault?: Partial<Fault>): Promise<Notice> {
  if (fault) await ask('PUT', 'faults', [{ at: 'wechatpay.notify', times: 1, ...fault }]);
  const data = { outTradeNo: 'SIGNATURE1', body: '咖啡', totalFee: 1 };
  const { result } = await ask<{ result: { prepayId: string } }>('POST', 'call', {
    name: 'unifiedOrder',
    data,
  });
  await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  const [notice] = await ask<Notice[]>('GET', 'wechatpay/notifications');
  return notice as Notice;
}

const diagnose = ({ headers, body }: Notice, more: object = {}) =>
  ask<{ cause?: string; where?: string; verdict: object }>('POST', 'signature', {
    headers,
    body,
    ...more,
  });

test('what WeChat sent is taken, and another five minutes later it is a replay', async () => {
  const notice = await noticeUnder();
  expect(await diagnose(notice)).toMatchObject({ verdict: { isAccepted: true } });
  await ask('POST', 'clock', { advance: 'PT6M', timers: 'none' });
  expect(await diagnose(notice)).toMatchObject({ cause: 'replay' });
});

test.each([
  ['forged', { kind: 'forged' }, 'wechatpay-signature'],
  ['content_changed', { kind: 'mutated' }, expect.stringMatching(/^body\[\d+\]$/)],
  ['other_merchant', { kind: 'mutated', code: 'MCHID' }, expect.stringMatching(/^\d+$/)],
] as const)('a fault makes a notification, and the doctor says %s', async (cause, fault, where) => {
  expect(await diagnose(await noticeUnder(fault))).toMatchObject({ cause, where });
});

test('functions with another merchant’s keys do not open it, and the doctor says whose it is', async () => {
  const notice = await noticeUnder();
  const { mchid } = await ask<{ mchid: string }>('GET', 'world');
  await ask('POST', 'merchant', { to: 'new_number' });
  expect(await diagnose(notice)).toMatchObject({ cause: 'other_merchant', where: mchid });
});

test('given keys verify in place of the configured ones, and no answer has one', async () => {
  const notice = await noticeUnder();
  const world = await ask<Record<string, string>>('GET', 'world');
  const certificates = world.platformCertificatePem;
  const { publicKeyId, publicKeyPem } = world;
  const apiV3Key = 'another-key-of-thirty-two-bytes!';
  expect(await diagnose(notice, { keys: { certificates } })).toMatchObject({
    cause: 'public_key_missing',
    where: publicKeyId,
  });
  const answer = await diagnose(notice, {
    keys: { publicKeyId, publicKey: publicKeyPem, apiV3Key },
  });
  expect(answer).toMatchObject({ cause: 'api_v3_key' });
  expect(JSON.stringify(answer)).not.toContain(apiV3Key);
});
