/** Failures of a call to WeChat Pay, each with what to do next. Pure. */

import { GatewayError, type Retry } from '../../ports/gateway.ts';
import type { HttpAnswer } from '../../ports/transport.ts';
import { knownCode, type Operation, retryOf } from './errorCodes.ts';
import { type Fields, Malformed, readFields } from './read.ts';

const MESSAGE_LENGTH_MAX = 256;

/**
 * Reads a refusal (an answer without success). Refusals carry no signature, so this is as true as
 * the TLS connection it came through: it may end an attempt, but money is only ever believed signed.
 */
export function refusal(answer: HttpAnswer, operation: Operation): GatewayError {
  const requestId = requestIdOf(answer);
  const said = wordsOf(answer.body);
  const known = knownCode(said.code, requestId, operation);
  const code = known ?? said.code ?? (answer.status === 202 ? 'ACCEPTED' : `HTTP_${answer.status}`);
  const retry = known ? retryOf(known, operation) : retryByStatus(answer.status, said.code);
  return new GatewayError(code, retry, said.message ?? `HTTP ${answer.status}`, { requestId });
}

/** What to do about a word that we do not know, or no word at all. */
function retryByStatus(status: number, word: string | undefined): Retry {
  if ([202, 429, 500, 502, 503].includes(status)) return 'same_request';
  // A 4xx without a word is no refusal of WeChat Pay's: something on the way answered.
  return status >= 400 && status < 500 && word !== undefined ? 'never' : 'query_first';
}

/** The serial number of an answer, for WeChat's support. */
export function requestIdOf({ headers }: HttpAnswer): string | undefined {
  const requestId = headers['request-id'];
  return requestId !== undefined && /^[\w-]{1,128}$/.test(requestId) ? requestId : undefined;
}

function wordsOf(body: Uint8Array): { code?: string; message?: string } {
  try {
    const fields = readFields(body);
    const code = fields.has('code') ? fields.text('code') : '';
    const message = [...textOf(fields, 'message'), ...hintsOf(fields)].join('; ');
    return {
      ...(/^[A-Za-z][\w ]{1,63}$/.test(code) ? { code } : {}),
      ...(message === '' ? {} : { message: message.slice(0, MESSAGE_LENGTH_MAX) }),
    };
  } catch (error) {
    if (error instanceof Malformed) return {};
    throw error;
  }
}

/** `detail` says which field offended, flat or one level deeper. */
function hintsOf(refused: Fields): string[] {
  if (!refused.has('detail')) return [];
  const outer = refused.object('detail');
  const detail = outer.has('detail') ? outer.object('detail') : outer;
  return [...textOf(detail, 'field'), ...textOf(detail, 'issue')];
}

function textOf(fields: Fields, name: string): string[] {
  return fields.has(name) ? [fields.text(name).replace(/\p{Cc}/gu, ' ')] : [];
}

/** Codes of connections that broke before a byte of the request left. */
const NEVER_SENT = new Set<unknown>([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOTSENT',
]);

/** Names a failure of the transport; whatever is not known to be unsent may have taken effect. */
export function transportFailure(cause: unknown): GatewayError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (NEVER_SENT.has(code)) return failure('WECHAT_UNREACHABLE', 'same_request', { cause });
  if (code === 'ETOOBIG') return failure('ANSWER_TOO_LARGE', 'query_first', { cause });
  return failure('ANSWER_LOST', 'query_first', { cause });
}

/** An answer that is not as agreed; `what` is the field, or what was found. */
export function malformedAnswer(what: string, answer?: HttpAnswer): GatewayError {
  return failure('ANSWER_MALFORMED', 'query_first', {
    found: what,
    requestId: answer && requestIdOf(answer),
  });
}

/** What went wrong on our side of the wire and what to do, Chinese then English. */
const texts = {
  WECHAT_UNREACHABLE:
    '无法连接微信支付，请求未发出，请稍后用相同参数重试 (WeChat Pay cannot be reached, nothing was sent: repeat the same request)',
  ANSWER_LOST:
    '未收到微信支付的应答，结果未知，请先查询订单 (no answer came and the outcome is unknown: query first)',
  ANSWER_TOO_LARGE:
    '微信支付的应答过大，已放弃读取，请先查询订单 (the answer was too large to read: query first)',
  ANSWER_UNVERIFIED:
    '应答验签失败，不予采信；请检查微信支付公钥或平台证书、服务器时间 (the signature of the answer does not verify: check the public key or platform certificate, and the clock)',
  ANSWER_MALFORMED:
    '微信支付的应答无法识别，请先查询订单 (the answer cannot be understood: query first)',
  MERCHANT_NOT_CONFIGURED:
    '该订单属于另一商户号，当前配置无法处理；请恢复该商户号的配置 (the order belongs to another merchant number: configure that one again)',
  API_V3_KEY_WRONG:
    '平台证书无法解密：WXPAY_API_V3_KEY 不是该商户号当前的 APIv3 密钥 (the platform certificates do not open: this is not the APIv3 key of the merchant number)',
  PLATFORM_CERT_NONE:
    '该商户号没有平台证书，请改用微信支付公钥：填 WXPAY_PUBLIC_KEY_ID 与 WXPAY_PUBLIC_KEY (the merchant has no platform certificate: set the WeChat Pay public key and its id)',
  BILL_HASH_MISMATCH:
    '账单摘要不符，文件不完整，请重新下载 (the hash of the bill differs, it is not whole: download again)',
} as const;

/** Makes a failure of our own. */
export function failure(
  code: keyof typeof texts,
  retry: Retry,
  more: { found?: string; requestId?: string | undefined; cause?: unknown } = {},
): GatewayError {
  const found = more.found === undefined ? '' : `: ${more.found}`;
  return new GatewayError(code, retry, `${texts[code]}${found}`, more);
}
