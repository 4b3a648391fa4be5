/** Makes the failures on our side of the connection, for both links, each with what to do next. Pure. */

import type { Retry } from '../domain/retry.ts';
import { GatewayError } from '../ports/gateway.ts';
import { UNSENT_CODES } from '../ports/transport.ts';

/** Codes of connections that broke before a byte of the request left; ENOTSENT is our own transport's. */
const NEVER_SENT = new Set<unknown>([...UNSENT_CODES, 'ENOTSENT']);

/** Names a failure of the transport; whatever is not known to be unsent may have taken effect. */
export function transportFailure(cause: unknown): GatewayError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (NEVER_SENT.has(code)) return failure('WECHAT_UNREACHABLE', 'same_request', { cause });
  if (code === 'ETOOBIG') return failure('ANSWER_TOO_LARGE', 'query_first', { cause });
  return failure('ANSWER_LOST', 'query_first', { cause });
}

/** Makes the failure of a malformed answer; `what` is the field, or what was found. */
export function malformedAnswer(what: string, requestId?: string): GatewayError {
  return failure('ANSWER_MALFORMED', 'query_first', { found: what, requestId });
}

/** The messages: what went wrong on our side of the connection and what to do, Chinese then English. */
export const failureTexts = {
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
    '该订单属于另一商户号或另一服务商，当前配置无法处理；请恢复其配置 (the order belongs to another merchant number or service provider: configure that one again)',
  LINK_NOT_CONFIGURED:
    '该订单经另一链路下单，此链路未配置；请恢复其配置 (the order was placed through a link that is not configured: configure it again)',
  API_V3_KEY_WRONG:
    '平台证书无法解密：WXPAY_API_V3_KEY 不是该商户号当前的 APIv3 密钥 (the platform certificates do not open: this is not the APIv3 key of the merchant number)',
  PLATFORM_CERT_NONE:
    '该商户号没有平台证书，请改用微信支付公钥：填 WXPAY_PUBLIC_KEY_ID 与 WXPAY_PUBLIC_KEY (the merchant has no platform certificate: set the WeChat Pay public key and its id)',
  CLOUDPAY_TOKEN_MISSING:
    '本次调用没有云支付的平台令牌，未向微信发出任何请求；只有小程序端发起的调用和微信开发者工具上传的定时器才有，请从小程序端重试，或改用 WXPAY_LINK=apiV3 (this call has no platform token for cloud pay and nothing was sent; only calls that a mini program starts and timers uploaded by WeChat DevTools have one: call from the mini program, or use apiV3)',
  CLOUDPAY_REFUSED:
    '云开发平台拒绝了云支付调用，请求未到达微信支付；请检查环境与商户号的绑定 (the CloudBase platform refused the call, WeChat Pay never had it: check how the environment and the merchant number are bound)',
  PROVIDER_NO_FUNDFLOW:
    '服务商模式下没有特约商户的资金账单；请由特约商户在商户平台下载 (there is no fund-flow bill of a merchant under a provider: the merchant takes it from its console)',
  CLOUDPAY_NO_FUNDFLOW:
    '云支付没有资金账单接口，请在商户平台「交易中心-资金账单」下载，或改用 WXPAY_LINK=apiV3 (cloud pay has no fund-flow bill: take it from the merchant console, or use apiV3)',
  CLOUDPAY_NO_ABNORMAL_REFUND:
    '云支付没有异常退款接口，请在商户平台「交易中心-退款查询」处理该笔退款 (cloud pay has no call for abnormal refunds: handle it in the merchant console)',
  CALLS_SPENT:
    '本次调用向微信支付发出的请求已达上限，未再发出；请稍后用相同参数重试 (this call has made as many requests to WeChat Pay as it may, and no more: repeat the same request)',
  BILL_HASH_MISMATCH:
    '账单摘要不符，文件不完整，请重新下载 (the hash of the bill differs, it is not whole: download again)',
} as const;

export type FailureCode = keyof typeof failureTexts;

/** Makes a failure of our own. */
export function failure(
  code: FailureCode,
  retry: Retry,
  more: { found?: string; requestId?: string | undefined; cause?: unknown } = {},
): GatewayError {
  const found = more.found === undefined ? '' : `: ${more.found}`;
  return new GatewayError(code, retry, `${failureTexts[code]}${found}`, more);
}
