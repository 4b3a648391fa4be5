/** The forms of settings, for the functions that read them and for the deploy that sets them. */

/** A merchant number (商户号). */
export const MCHID = /^\d{1,32}$/;

/** An AppID of a mini program. */
export const APPID = /^wx[0-9A-Za-z]{1,30}$/;

/** The serial of a merchant certificate, in hex, as {@link serialIn} writes it. */
export const SERIAL = /^[0-9A-F]{8,64}$/;

/** Reads a serial as the console shows it or as `openssl` prints it: `serial=5F1C…`, `5f:1c:…`. */
export function serialIn(text: string): string {
  const bare = text.replace(/^\s*serial(?:\s*number)?\s*[=:]/i, '');
  return bare.replace(/[:\s]/g, '').toUpperCase();
}

/** The bytes of an APIv3 or APIv2 key. */
export const SECRET_BYTES = 32;

/** The id of 微信支付公钥. */
export const PUBLIC_KEY_ID = /^PUB_KEY_ID_\d+$/;

/** An address that WeChat Pay may notify: https, public, without parameters. Source: D4012791856. */
export const NOTIFY_URL =
  /^https:\/\/(?!localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)[^/?#\s]+\/[^?#\s]*$/i;

/** WeChat Pay takes no longer address of notifications. */
export const NOTIFY_URL_LENGTH_MAX = 255;

/** The base address of APIv3: WeChat Pay’s own two hosts. Source: P4015139289 (decision 0015). */
export const API_URL = /^https:\/\/api2?\.mch\.weixin\.qq\.com$/;

/** The base address of a local cloud; plain http is for it alone. */
export const LOOPBACK_URL = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** An address that deliveries are posted to; of plain http only one on this machine, for the local cloud. */
export const EVENTS_URL =
  /^(?:https:\/\/[^/?#\s@]+|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)(?:\/[^#\s]*)?$/;

/** WXPAY_CLOSE_MIN_AGE is not longer: a day. */
export const CLOSE_MIN_AGE_MAX_MS = 86_400_000;

/** The key of signed service calls is not shorter. */
export const SERVICE_KEY_LENGTH_MIN = 32;

/** Openids by comma. */
export const OPENIDS = /^[0-9A-Za-z_\-, ]*$/;

/** 1 to 100 checks at once. */
export const CHECK_CONCURRENCY_FORM = /^(?:[1-9]\d?|100)$/;

/** 1 to 999 orders in a minute, and as many unpaid. */
export const ORDER_LIMITS_FORM = /^[1-9]\d{0,2}\/[1-9]\d{0,2}$/;

/** The name of a cloud function. Source: 583/11637. */
export const FUNCTION_NAME = /^[A-Za-z][0-9A-Za-z_-]{0,58}[0-9A-Za-z]$/;
