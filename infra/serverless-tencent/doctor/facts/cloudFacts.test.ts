import { expect, test } from 'vitest';
import { verifyServiceCall } from '../../../../shared/contract/serviceCall.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { CloudError } from '../../cloud/cloudError.ts';
import { readBill, readCollectionFacts, readEnvironmentFacts } from './cloudFacts.ts';

interface Sent {
  action: string;
  request: Record<string, unknown>;
}

/** Makes a cloud that answers each action from a table and keeps the requests. */
function cloudOf(answers: Record<string, (request: Record<string, unknown>) => object>) {
  const sent: Sent[] = [];
  const call = async (action: string, request: Record<string, unknown>) => {
    sent.push({ action, request });
    const answer = answers[action];
    if (!answer) throw new CloudError(action, { code: 'UnsupportedOperation', message: action });
    return answer(request);
  };
  return { sent, cloud: { scf: call, tcb: call } as unknown as Cloud };
}

const env = {
  EnvId: 'pay-1a2b3c',
  Status: 'NORMAL',
  Region: 'ap-shanghai',
  Databases: [{ InstanceId: 'tnt-1', Status: 'RUNNING' }],
  Storages: [{ Bucket: 'bucket' }],
};

test('the environment, with what it holds', async () => {
  const { cloud } = cloudOf({ DescribeEnvs: () => ({ EnvList: [env] }) });
  expect(await readEnvironmentFacts(cloud, 'pay-1a2b3c')).toEqual({
    kind: 'found',
    environment: {
      status: 'NORMAL',
      region: 'ap-shanghai',
      database: { status: 'RUNNING', instanceId: 'tnt-1' },
      bucket: 'bucket',
    },
  });
});

test.each([['ResourceNotFound.EnvNotExist'], ['InvalidParameter.EnvId'], [undefined]])(
  'one that is not there is answered with those that are; refused by %s',
  async (code) => {
    const { cloud } = cloudOf({
      DescribeEnvs: ({ EnvId }) => {
        if (!EnvId) return { EnvList: [env] };
        if (code) throw new CloudError('tcb.DescribeEnvs', { code, message: 'none' });
        return { EnvList: [] };
      },
    });
    expect(await readEnvironmentFacts(cloud, 'pay')).toEqual({
      kind: 'missing',
      others: ['pay-1a2b3c'],
    });
  },
);

test('a refused key pair is not taken for a missing environment', async () => {
  const { cloud } = cloudOf({
    DescribeEnvs: () => {
      throw new CloudError('tcb.DescribeEnvs', { code: 'AuthFailure', message: 'no' });
    },
  });
  await expect(readEnvironmentFacts(cloud, 'pay')).rejects.toMatchObject({ code: 'AuthFailure' });
});

test('a collection, or that there is none', async () => {
  const { cloud } = cloudOf({
    ListTables: () => ({ Tables: [{ TableName: 'orders', Count: 3 }], Pager: { Total: 1 } }),
    DescribeTable: () => ({
      Indexes: [{ Name: 'check_at', Unique: false, Keys: [{ Name: 'checkAt', Direction: '1' }] }],
    }),
    DescribeDatabaseACL: () => ({ AclTag: 'ADMINONLY' }),
  });
  const database = { envId: 'pay-1a2b3c', instanceId: 'tnt-1' };
  expect(await readCollectionFacts(cloud, database, 'orders')).toEqual({
    acl: 'ADMINONLY',
    indexes: [{ name: 'check_at', keys: 'checkAt:1', unique: false }],
  });
  expect(await readCollectionFacts(cloud, database, 'bills')).toBeUndefined();
});

const nowMs = Date.parse('2026-11-25T00:30:00+08:00');
const key = 'k'.repeat(32);

test.each([
  ['{"errCode":0,"data":"…"}', '0'],
  ['{"errCode":"NO_STATEMENT_EXIST"}', 'NO_STATEMENT_EXIST'],
  ['{"errCode":"two words"}', 'ANSWER_UNREADABLE'],
  ['<html>', 'ANSWER_UNREADABLE'],
  ['null', 'ANSWER_UNREADABLE'],
])('an answer %s has the code %s', async (RetMsg, code) => {
  const { cloud } = cloudOf({
    InvokeFunction: () => ({ Result: { RetMsg, FunctionRequestId: 'r-1' } }),
  });
  expect(await readBill(cloud, 'pay-1a2b3c', { key, appid: 'wx1' }, nowMs)).toEqual({
    code,
    requestId: 'r-1',
  });
});

test('a function that fails is distinguished from one that answers', async () => {
  const { cloud } = cloudOf({
    InvokeFunction: () => ({
      Result: { ErrMsg: 'ConfigError', RetMsg: '', FunctionRequestId: 'r' },
    }),
  });
  expect(await readBill(cloud, 'pay-1a2b3c', { key, appid: 'wx1' }, nowMs)).toMatchObject({
    code: 'FUNCTION_FAILED',
  });
});

test('the question is signed as the merchant’s server, about the day before yesterday in Beijing', async () => {
  const { cloud, sent } = cloudOf({ InvokeFunction: () => ({ Result: { RetMsg: '{}' } }) });
  await readBill(cloud, 'pay-1a2b3c', { key, appid: 'wx1' }, nowMs);
  const [{ request } = { request: {} }] = sent;
  expect(request).toMatchObject({
    FunctionName: 'downloadBill',
    Namespace: 'pay-1a2b3c',
    Qualifier: '$DEFAULT',
  });
  const event = JSON.parse(String((request as { Event?: string }).Event));
  expect(event.signed).toMatchObject({ envId: 'pay-1a2b3c', appid: 'wx1' });
  expect(event.signed.data).toBe('{"billDate":"2026-11-23"}');
  expect(verifyServiceCall('downloadBill', event, [key])).toBe(true);
  expect(JSON.stringify(request)).not.toContain(key);
});
