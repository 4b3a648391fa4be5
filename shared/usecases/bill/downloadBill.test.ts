import { expect, test } from 'vitest';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { downloadBill as contract } from '../../contract/bill/downloadBill.ts';
import { type BillQuery, GatewayError } from '../../ports/gateway.ts';
import { downloadBill } from './downloadBill.ts';

const billDate = '2026-11-23';

/** Asks as a caller does; answers what WeChat was asked for, or the field that was refused. */
async function requestBill(more: object): Promise<unknown> {
  const read = contract.input.safeParse({ billDate: '20261123', ...more });
  if (!read.success) return read.error.issues[0]?.path.join('.');
  const queries: BillQuery[] = [];
  const gateway = aGateway({
    downloadBill: async (query) => {
      queries.push(query);
      return { kind: 'bill', csv: Buffer.from('rows') };
    },
  });
  expect(await downloadBill(read.data, memoryDeps(gateway).deps, anInvocation())).toEqual({
    data: 'rows',
  });
  return queries[0];
}

test.each<[object, unknown]>([
  [{}, { billDate, billType: 'ALL' }],
  [{ billType: 'REFUND' }, { billDate, billType: 'REFUND' }],
  [{ billType: 'FUNDFLOW' }, { billDate, billType: 'FUNDFLOW', accountType: 'BASIC' }],
  [
    { billType: 'FUNDFLOW', accountType: 'FEES' },
    { billDate, billType: 'FUNDFLOW', accountType: 'FEES' },
  ],
  [{ billType: 'RECHARGE_REFUND' }, { billDate, billType: 'RECHARGE_REFUND' }],
  [{ tarType: 'GZIP' }, { billDate, billType: 'ALL', tarType: 'GZIP' }],
  [
    { billType: 'FUNDFLOW', tarType: 'GZIP' },
    { billDate, billType: 'FUNDFLOW', accountType: 'BASIC', tarType: 'GZIP' },
  ],
  [{ tarType: 'gzip' }, 'tarType'],
  [{ tarType: '' }, 'tarType'],
  [{ billType: 'FUNDFLOW', accountType: 'basic' }, 'accountType'],
  [{ billType: 'SUCCESS', accountType: 'BASIC' }, 'accountType'],
  [{ accountType: 'BASIC' }, 'accountType'],
  [{ billType: 'FLOW' }, 'billType'],
])('%j asks WeChat for %j', async (input, expected) => {
  expect(await requestBill(input)).toStrictEqual(expected);
});

test('a compressed bill is answered in base64, up to 1 MB of it, of up to 16 MB', async () => {
  const limits: number[] = [];
  const download = (length: number) => {
    const gateway = aGateway({
      downloadBill: async (_query, bytesMax) => {
        limits.push(bytesMax);
        return { kind: 'gzip', file: Buffer.alloc(length, 1) };
      },
    });
    const input = { billDate, billType: 'ALL', tarType: 'GZIP' } as const;
    return downloadBill(input, memoryDeps(gateway).deps, anInvocation());
  };
  expect(await download(3)).toEqual({ data: 'AQEB', tarType: 'GZIP' });
  expect(await download(750_000)).toMatchObject({ tarType: 'GZIP' });
  expect(await download(750_001)).toMatchObject({ refused: 'BILL_TOO_LARGE' });
  expect(limits).toEqual([16_000_000, 16_000_000, 16_000_000]);
});

test('a bill that is not compressed may have 1 MB: what a function may answer', async () => {
  const limits: number[] = [];
  const gateway = aGateway({
    downloadBill: async (_query, bytesMax) => {
      limits.push(bytesMax);
      return { kind: 'bill', csv: Buffer.from('rows') };
    },
  });
  await downloadBill({ billDate, billType: 'ALL' }, memoryDeps(gateway).deps, anInvocation());
  expect(limits).toEqual([1_000_000]);
});

test('a bill of another merchant is not asked for', async () => {
  const input = { billDate, billType: 'ALL', subMchId: '1999999999' } as const;
  expect(await downloadBill(input, memoryDeps().deps, anInvocation())).toMatchObject({
    refused: 'PARAM_ERROR',
    field: 'subMchId',
  });
});

test('a fault of our own is no refusal of WeChat', async () => {
  const gateway = aGateway({ downloadBill: () => Promise.reject(new Error('a fault of ours')) });
  const answer = downloadBill(
    { billDate, billType: 'ALL' },
    memoryDeps(gateway).deps,
    anInvocation(),
  );
  await expect(answer).rejects.toThrow('a fault of ours');
});

test.each<[string, Parameters<typeof aGateway>[0], object]>([
  [
    'too large',
    { downloadBill: async () => ({ kind: 'too_large' }) },
    { refused: 'BILL_TOO_LARGE' },
  ],
  [
    'of a day without any',
    {
      downloadBill: async () => {
        throw new GatewayError('NO_STATEMENT_EXIST', 'never', 'x');
      },
    },
    { refused: 'NO_STATEMENT_EXIST', retry: 'never', text: expect.stringMatching(/次日 10:00/) },
  ],
  [
    'that WeChat is still making',
    {
      downloadBill: async () => {
        throw new GatewayError('STATEMENT_CREATING', 'same_request', 'x');
      },
    },
    { refused: 'STATEMENT_CREATING', text: expect.stringMatching(/次日 10:00/) },
  ],
  [
    'whose answer was lost: another request changes nothing',
    {
      downloadBill: async () => {
        throw new GatewayError('ANSWER_LOST', 'query_first', 'x');
      },
    },
    { refused: 'ANSWER_LOST', retry: 'same_request', text: 'x' },
  ],
])('a bill %s is refused by name', async (_what, answers, refused) => {
  const { deps } = memoryDeps(aGateway(answers));
  expect(
    await downloadBill({ billDate, billType: 'FUNDFLOW' }, deps, anInvocation()),
  ).toMatchObject(refused);
});
