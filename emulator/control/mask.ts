import type { WireMessage } from '../world/timeline/exchanges.ts';

/** Stands where something is kept from whoever looks over a shoulder. */
const MASK = '***';

/** Headers that would let somebody else act, by their names; the rest of `Authorization` says who signed. */
const SECRET_HEADERS = /^(?:authorization|cookie|set-cookie|x-.*token.*)$/i;

/** Fields that are secrets or persons: what production never writes into a log either. */
const SECRET_FIELDS =
  /(\\*"(?:_?openid|open_?id|sp_openid|sub_openid|paySign|sign|signature|secretKey|token|sessionToken|accessToken|wxCloudApiToken|authorization|phone|name_on_card|account_number|real_name)\\*"\s*:\s*\\*")([^"\\]*)/gi;

/** Masks a message: secrets in its headers, secrets and persons in its body. */
export function maskedMessage({ line, headers, body }: WireMessage): WireMessage {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    SECRET_HEADERS.test(name) ? maskedHeader(value) : value,
  ]);
  return { line, headers: Object.fromEntries(pairs), body: maskedText(body) };
}

/** Masks secrets and persons in JSON, also where it stands inside a text of JSON. */
export function maskedText(text: string): string {
  return text.replace(SECRET_FIELDS, (_, before: string, value: string) => before + hidden(value));
}

/** Keeps so much of a value that two can be told apart. */
function hidden(value: string): string {
  return value.length > 8 ? value.slice(0, 3) + MASK : MASK;
}

/** Keeps who signed, and hides the signature. */
function maskedHeader(value: string): string {
  const signed = value.replace(/((?:signature|Signature)="?)[^",\s]+/g, `$1${MASK}`);
  return signed === value ? MASK : signed;
}
