/**
 * Makes the exact texts that APIv3 signs, each line ended by a newline, the last one too.
 * Sources: D4012365336 (request), D4012365334 (answer and notification), D4012365341
 * (wx.requestPayment).
 */

/** The signed parts of a request; `path` carries the query string. */
export interface RequestToSign {
  method: string;
  path: string;
  timestamp: string;
  nonce: string;
  body: string;
}

/** Makes the text signed for a request to WeChat Pay. */
export function requestMessage({ method, path, timestamp, nonce, body }: RequestToSign): string {
  return `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
}

/** Makes the signed text of an answer or a notification, in pieces: its raw body is not copied. */
export function answerPieces(timestamp: string, nonce: string, body: Uint8Array) {
  return [`${timestamp}\n${nonce}\n`, body, '\n'] as const;
}

/** Makes the bytes signed for an answer or a notification, over its raw body. */
export function answerMessage(timestamp: string, nonce: string, body: Uint8Array): Buffer {
  const [head, whole, end] = answerPieces(timestamp, nonce, body);
  return Buffer.concat([Buffer.from(head), whole, Buffer.from(end)]);
}

/** Makes the text signed as `paySign` for `wx.requestPayment` (调起支付). */
export function paymentMessage(
  appId: string,
  timeStamp: string,
  nonceStr: string,
  packageText: string,
): string {
  return `${appId}\n${timeStamp}\n${nonceStr}\n${packageText}\n`;
}

/** The scheme that every `Authorization` header of APIv3 begins with. */
export const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** The fields of an `Authorization` header. */
export interface Credential {
  mchid: string;
  serialNo: string;
  nonce: string;
  timestamp: string;
  signature: string;
}

/** Prints a credential as the `Authorization` header. */
export function authorizationHeader(credential: Credential): string {
  const { mchid, nonce, timestamp, serialNo, signature } = credential;
  return (
    `${SCHEME} mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",` +
    `serial_no="${serialNo}",signature="${signature}"`
  );
}
