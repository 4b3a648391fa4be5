/** Amounts, digests of bills and refusals: the vectors of them, run through our code. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { fenFromYuan } from '../../shared/domain/money.ts';
import { createApiV3 } from '../../shared/gateway/apiV3/client.ts';
import { readApiError } from '../../shared/gateway/apiV3/wire/errors.ts';
import type { Bill } from '../../shared/ports/gateway.ts';
import { keys, scripted, signedAnswer } from '../support/wechatSide.ts';
import amounts from '../vectors/amounts.json' with { type: 'json' };
import errors from '../vectors/errors.json' with { type: 'json' };
import hashes from '../vectors/hash.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

const now = new Date('2026-11-24T09:07:12Z');
const API_URL = 'https://api.mch.weixin.qq.com';

/** The addresses that WeChat would notify; bills need neither. */
const notified = {
  notifyUrl: 'https://shop.example.com/pay/notify',
  refundNotifyUrl: 'https://shop.example.com/refund/notify',
};

function checkAmount({ input, expected }: (typeof amounts.vectors)[number]): void {
  const read = fenFromYuan(input.yuan);
  expect(read === undefined).toBe(expected.rejects_as_order_amount ?? false);
  expect(read).toBe(expected.fen);
}

/** Downloads a file whose signed place announces this SHA1. */
function download(file: Uint8Array, sha1: string): Promise<Bill> {
  const download_url = `${API_URL}/v3/billdownload/file?token=a`;
  const place = JSON.stringify({ hash_type: 'SHA1', hash_value: sha1, download_url });
  const transport = scripted(signedAnswer(200, place, now), {
    status: 200,
    headers: {},
    body: Buffer.from(file),
  });
  const gateway = createApiV3({
    keys,
    transport,
    apiUrl: API_URL,
    ...notified,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count),
  });
  return gateway.downloadBill({ billDate: '2026-11-23', billType: 'ALL' }, 1_000_000, 5_000);
}

/** A digest counts where we lean on one: a bill is taken only with the hash that was announced. */
async function checkHash({ input, expected }: (typeof hashes.vectors)[number]): Promise<void> {
  const { gzip_base64: gzip, text = '' } = input;
  const file = gzip === undefined ? gzipSync(text) : Buffer.from(gzip, 'base64');
  const sha1 = expected.sha1_of_decompressed ?? expected.hex ?? '';
  expect(await download(file, sha1)).toMatchObject({ kind: 'bill' });
  const wrong = expected.sha1_of_gzip_bytes_NOT_hash_value;
  if (!wrong) return;
  await expect(download(file, wrong)).rejects.toMatchObject({ code: 'BILL_HASH_MISMATCH' });
}

/** A refusal keeps WeChat's word; none of these is worth the same request again. */
function checkError({ input, expected }: (typeof errors.vectors)[number]): void {
  const operation = expected.class === 'no_data' ? 'bill' : 'order';
  const answer = { status: input.http_status, headers: {}, body: Buffer.from(input.body) };
  const { code, retry } = readApiError(answer, operation);
  expect(code).toBe(expected.code);
  expect(retry !== 'never').toBe(expected.retry);
}

const XML = 'an answer of APIv2, which neither of our links asks';

/** By the name of the file. */
export const moneyVectors: Record<string, VectorCases> = {
  amounts: casesOf(amounts, checkAmount),
  hash: casesOf(hashes, checkHash, {
    'sha256-skit': 'SHA-256 digests belong to uploads of media, of which this backend has none',
  }),
  errors: casesOf(errors, checkError, {
    'v2-orderpaid': XML,
    'v2-return-fail-sub-mch-required': XML,
  }),
};
