import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { keys, type Scripted, scripted, signedAnswer } from '../../../tests/support/wechatSide.ts';
import hashes from '../../../tests/vectors/hash.json' with { type: 'json' };
import type { HttpAnswer } from '../../ports/transport.ts';
import { createApiV3 } from './client.ts';

const now = new Date('2026-11-24T09:07:12Z');
const query = { billDate: '2026-11-23', billType: 'ALL' } as const;
const DOWNLOAD_URL = 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Bb&tartype=gzip';

function open(script: Scripted[], apiUrl = 'https://api.mch.weixin.qq.com') {
  const transport = scripted(...script);
  const gateway = createApiV3({
    keys,
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count),
    apiUrl,
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  return { gateway, sent: transport.sent };
}

const sha1 = (bytes: Uint8Array | string) => createHash('sha1').update(bytes).digest('hex');
const place = (hash_value: string, more: object = {}): HttpAnswer => {
  const body = { hash_type: 'SHA1', hash_value, download_url: DOWNLOAD_URL, ...more };
  return signedAnswer(200, JSON.stringify(body), now);
};
/** Files come without a signature. */
const file = (body: Buffer): HttpAnswer => ({ status: 200, headers: {}, body });
const csv = '\ufeff交易时间,公众账号ID\r\n`2026-11-23 00:00:00,`wx1\r\n';

const real = hashes.vectors.flatMap(({ id, input, expected }) =>
  input.gzip_base64 ? [{ id, gz: Buffer.from(input.gzip_base64, 'base64'), expected }] : [],
);

test.each(real)(
  '$id: a real file, hashed as it reads once decompressed',
  async ({ gz, expected }) => {
    const { gateway } = open([place(expected.sha1_of_decompressed ?? ''), file(gz)]);
    const bill = await gateway.downloadBill(query, 1_000_000, 5_000);
    expect(bill).toEqual({ kind: 'bill', csv: gunzipSync(gz) });
  },
);

test('the hash of the compressed bytes is not the one that was announced', async () => {
  const { gz, expected } = real.find(({ expected: e }) => e.sha1_of_gzip_bytes_NOT_hash_value)!;
  const wrong = expected.sha1_of_gzip_bytes_NOT_hash_value!;
  const { gateway } = open([place(wrong), file(gz)]);
  await expect(gateway.downloadBill(query, 1_000_000, 5_000)).rejects.toMatchObject({
    code: 'BILL_HASH_MISMATCH',
    retry: 'same_request',
  });
});

test('asked for compressed, the very file is handed on, once its contents were checked', async () => {
  const gz = gzipSync(csv);
  const packed = { ...query, tarType: 'GZIP' } as const;
  const { gateway } = open([place(sha1(csv)), file(gz)]);
  expect(await gateway.downloadBill(packed, 1_000, 5_000)).toEqual({ kind: 'gzip', file: gz });
  const wrong = open([place(sha1('')), file(gz)]);
  await expect(wrong.gateway.downloadBill(packed, 1_000, 5_000)).rejects.toMatchObject({
    code: 'BILL_HASH_MISMATCH',
  });
});

test('place and file are both asked for signed; the file within the time that is left', async () => {
  const { gateway, sent } = open([place(sha1(csv)), file(gzipSync(csv))]);
  expect(await gateway.downloadBill(query, 1_000, 5_000)).toEqual({
    kind: 'bill',
    csv: Buffer.from(csv),
  });
  expect(sent.map(({ url }) => url)).toEqual([
    'https://api.mch.weixin.qq.com/v3/bill/tradebill?bill_date=2026-11-23&bill_type=ALL&tar_type=GZIP',
    DOWNLOAD_URL,
  ]);
  expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 5_000]);
});

test.each(['BASIC', 'OPERATION', 'FEES'] as const)(
  'the fund-flow bill of account %s has an address of its own, and the same check',
  async (accountType) => {
    const query = { billDate: '2026-11-23', billType: 'FUNDFLOW', accountType } as const;
    const { gateway, sent } = open([place(sha1(csv)), file(gzipSync(csv))]);
    expect(await gateway.downloadBill(query, 1_000, 5_000)).toMatchObject({ kind: 'bill' });
    expect(sent[0]?.url).toBe(
      `https://api.mch.weixin.qq.com/v3/bill/fundflowbill?bill_date=2026-11-23&account_type=${accountType}&tar_type=GZIP`,
    );
    const wrong = open([place(sha1('')), file(gzipSync(csv))]);
    await expect(wrong.gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'BILL_HASH_MISMATCH',
    });
  },
);

describe('a bill that is too large is named as such, and no more of it is read', () => {
  const gz = gzipSync(csv);
  const bytes = Buffer.byteLength(csv);

  test.each([
    [bytes, 'bill'],
    [bytes - 1, 'too_large'],
  ])('at most %d bytes: %s', async (bytesMax, kind) => {
    const { gateway } = open([place(sha1(csv)), file(gz)]);
    expect(await gateway.downloadBill(query, bytesMax, 5_000)).toMatchObject({ kind });
  });

  test('a megabyte that says it is a gigabyte', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { gateway } = open([place(sha1('')), file(bomb)]);
    expect(await gateway.downloadBill(query, 1_000_000, 5_000)).toEqual({ kind: 'too_large' });
  });

  test('the compressed file is bounded by the wire', async () => {
    const tooBig = Object.assign(new Error('too big'), { code: 'ETOOBIG' });
    const { gateway, sent } = open([place(sha1(csv)), tooBig]);
    expect(await gateway.downloadBill(query, 1_000, 5_000)).toEqual({ kind: 'too_large' });
    expect(sent[1]?.bytesMax).toBe(2_024);
  });

  test('an answer about the place that is too large is no large bill', async () => {
    const tooBig = Object.assign(new Error('too big'), { code: 'ETOOBIG' });
    await expect(open([tooBig]).gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
    });
  });
});

describe('a file that is not whole', () => {
  const gz = gzipSync(csv);
  test.each<[string, Buffer]>([
    ['another file', gzipSync(`${csv} `)],
    ['a file cut short', gz.subarray(0, -9)],
    ['a file that is not compressed', Buffer.from(csv)],
    ['an empty file', Buffer.alloc(0)],
  ])('%s', async (_, bytes) => {
    const { gateway } = open([place(sha1(csv)), file(bytes)]);
    await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'BILL_HASH_MISMATCH',
      retry: 'same_request',
    });
  });
});

describe('our signature goes to WeChat Pay alone', () => {
  test.each([
    'https://evil.example/v3/billdownload/file',
    'http://api.mch.weixin.qq.com/v3/billdownload/file',
    'https://api.mch.weixin.qq.com.evil.example/x',
    'https://api.mch.weixin.qq.com@evil.example/x',
    'https://user:pass@api.mch.weixin.qq.com/x',
    'https://:pass@api.mch.weixin.qq.com/x',
    'https://api.mch.weixin.qq.com:8443/x',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    '//api.mch.weixin.qq.com/x',
    '/v3/billdownload/file',
  ])('%s is not asked', async (download_url) => {
    const { gateway, sent } = open([place(sha1(csv), { download_url }), file(gzipSync(csv))]);
    await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
    });
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['https://api2.mch.weixin.qq.com/x', 'https://api.mch.weixin.qq.com'],
    ['http://127.0.0.1:7100/x', 'http://127.0.0.1:7100'],
  ])('%s is, from %s', async (download_url, apiUrl) => {
    const script = [place(sha1(csv), { download_url }), file(gzipSync(csv))];
    const { gateway } = open(script, apiUrl);
    expect(await gateway.downloadBill(query, 1_000, 5_000)).toMatchObject({ kind: 'bill' });
  });
});

describe('a bill that WeChat does not have', () => {
  const refused = (status: number, code: string): HttpAnswer => ({
    status,
    headers: {},
    body: Buffer.from(JSON.stringify({ code, message: '' })),
  });

  test.each([
    [400, 'NO_STATEMENT_EXIST', 'never'],
    [404, 'NO_STATEMENT_EXIST', 'never'],
    [400, 'STATEMENT_CREATING', 'same_request'],
    [429, 'FREQUENCY_LIMITED', 'same_request'],
  ])('%d %s: %s', async (status, code, retry) => {
    const { gateway } = open([refused(status, code)]);
    await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({ code, retry });
  });

  test('the place must be signed: its hash vouches for the file', async () => {
    const { gateway, sent } = open([{ ...place(sha1(csv)), headers: {} }, file(gzipSync(csv))]);
    await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'ANSWER_UNVERIFIED',
    });
    expect(sent).toHaveLength(1);
  });

  test('a file that is refused', async () => {
    const { gateway } = open([place(sha1(csv)), refused(401, 'SIGN_ERROR')]);
    await expect(gateway.downloadBill(query, 1_000, 5_000)).rejects.toMatchObject({
      code: 'SIGN_ERROR',
      retry: 'never',
    });
  });
});
