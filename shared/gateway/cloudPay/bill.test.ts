import { expect, test } from 'vitest';
import { createCloudPay } from './client.ts';

test('cloud pay has no fund-flow bill: refused by name, and nothing is sent', async () => {
  const sent: string[] = [];
  const gateway = createCloudPay({
    send: async (apiName) => sent.push(apiName),
    hasToken: true,
    envId: 'pay-1a2b3c',
    mchid: '1900000109',
    randomBytes: (count) => new Uint8Array(count),
  });
  const query = { billDate: '2026-11-23', billType: 'FUNDFLOW', accountType: 'BASIC' } as const;
  await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
    code: 'CLOUDPAY_NO_FUNDFLOW',
    retry: 'never',
  });
  expect(sent).toEqual([]);
});
