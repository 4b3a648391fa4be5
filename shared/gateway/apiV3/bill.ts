import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Bill, BillQuery } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { type ApiV3Context, callApi } from './call.ts';
import { OFFICIAL_HOSTS } from './hosts.ts';
import { sendSigned } from './request.ts';
import { readApiError } from './wire/errors.ts';
import { type BillPlace, paths, readBillPlace } from './wire/order.ts';

/** The bytes that gzip may add to a file that does not compress, with room to spare. */
const GZIP_EXTRA_BYTES = 1024;

/**
 * Downloads a trade or fund-flow bill (交易账单、资金账单): requests its address, fetches the file and compares
 * the SHA1 of its decompressed bytes. The file's answer is the only unsigned one; the hash, from a signed
 * answer, proves it. `bytesMax` bounds the decompressed bytes, `timeoutMs` both calls together.
 */
export async function downloadBill(
  context: ApiV3Context,
  query: BillQuery,
  bytesMax: number,
  timeoutMs: number,
): Promise<Bill> {
  const startedAtMs = context.now().getTime();
  if (query.billType === 'FUNDFLOW' && context.merchantIds.spMchid !== undefined) {
    // WeChat would answer with the provider's own flow.
    throw failure('PROVIDER_NO_FUNDFLOW', 'never');
  }
  const path = paths.bill(query, context.merchantIds);
  const answer = await callApi(context, { operation: 'bill', path, timeoutMs }, 200);
  const place = readOrMalformed(() => readBillPlace(answer));
  const spentMs = Math.max(0, context.now().getTime() - startedAtMs);
  const file = await fetchFile(context, place, bytesMax, Math.max(1, timeoutMs - spentMs));
  const csv = file && (await decompress(file, bytesMax));
  if (!csv) return { kind: 'too_large' };
  if (createHash('sha1').update(csv).digest('hex') !== place.sha1) {
    throw failure('BILL_HASH_MISMATCH', 'same_request');
  }
  return query.tarType === 'GZIP' ? { kind: 'gzip', file } : { kind: 'bill', csv };
}

/** Fetches the compressed file; undefined when it is too large. */
async function fetchFile(
  context: ApiV3Context,
  { downloadUrl }: BillPlace,
  bytesMax: number,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  const url = fileUrl(downloadUrl, context.apiUrl);
  try {
    const request = { url, timeoutMs, bytesMax: bytesMax + GZIP_EXTRA_BYTES };
    const answer = await sendSigned(context, request);
    if (answer.status === 200) return answer.body;
    throw readApiError(answer, 'bill');
  } catch (error) {
    if (hasCode(error, 'ANSWER_TOO_LARGE')) return undefined;
    throw error;
  }
}

/** Checks the address of a file: our signature is sent to WeChat Pay only, whatever an answer holds. */
function fileUrl(downloadUrl: string, apiUrl: string): URL {
  if (!URL.canParse(downloadUrl)) throw malformedAnswer('download_url');
  const url = new URL(downloadUrl);
  const origins: string[] = [...OFFICIAL_HOSTS, new URL(apiUrl).origin];
  const known = origins.includes(url.origin);
  if (!known || url.username !== '' || url.password !== '') throw malformedAnswer('download_url');
  return url;
}

interface Limit {
  maxOutputLength: number;
}

/** Decompresses at most `bytesMax` bytes; undefined when there are more. */
async function decompress(file: Buffer, bytesMax: number): Promise<Buffer | undefined> {
  // Loaded here, since every function with this link has this file, and few download bills.
  const { gunzip } = await import('node:zlib');
  try {
    return await promisify<Buffer, Limit, Buffer>(gunzip)(file, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw failure('BILL_HASH_MISMATCH', 'same_request', { found: 'gzip', cause: error });
  }
}
