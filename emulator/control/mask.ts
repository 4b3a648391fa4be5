import type { Entry } from '../world/timeline/entry.ts';
import type { Exchange, WireMessage } from '../world/timeline/exchanges.ts';

/** Stands where something is kept from whoever looks over a shoulder. */
const MASK = '***';

/** Headers that would let somebody else act, by their names; the rest of `Authorization` says who signed. */
const SECRET_HEADERS =
  /^(?:authorization|cookie|set-cookie|.*signature|x-.*token.*|x-wx-(?:openid|unionid))$/i;

/** Names of secrets, and of what tells a person: what production never writes into a log either. */
const NAMES = String.raw`[\w-]*open_?id|\w*unionid|paySign|sign|[\w-]*signature|\w*secret(?:_?key)?|\w*token|\w*private_?key|\w*api_?v3_?key|authorization|cookie|phone|name_on_card|account_number|real_name`;

/** Between the parts of JSON, which may stand in a text of JSON itself. */
const SPACE = String.raw`(?:\s|\\+n)*`;
/** A value is a text, the first of a list, or what a condition compares with. */
const BEGIN = String.raw`(?:\[${SPACE}|\{${SPACE}\\*"\$\w+\\*"${SPACE}:${SPACE})?`;
const FIELDS = new RegExp(
  String.raw`(\\*"(?:${NAMES})\\*"${SPACE}:${SPACE}${BEGIN}\\*")([^"\\]*)`,
  'gi',
);
const ELEMENTS = new RegExp(String.raw`(<(?:${NAMES})>(?:<!\[CDATA\[)?)([^<\]]*)`, 'gi');
const PARAMETERS = new RegExp(String.raw`([?&](?:${NAMES})=)([^&\s]*)`, 'gi');

/** Masks a message: secrets in its line and its headers, secrets and persons in its body. */
export function maskedMessage({ line, headers, body }: WireMessage): WireMessage {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    SECRET_HEADERS.test(name) ? maskedHeader(value) : value,
  ]);
  return {
    line: line.replace(PARAMETERS, hide),
    headers: Object.fromEntries(pairs),
    body: maskedText(body),
  };
}

/** Masks secrets and persons in JSON, also where it stands inside a text of JSON, and in XML. */
export function maskedText(text: string): string {
  return text.replace(FIELDS, hide).replace(ELEMENTS, hide);
}

/** Masks both sides, and what was printed. */
export function maskedExchange({ sent, answered, log }: Exchange): Exchange {
  return {
    sent: maskedMessage(sent),
    answered: answered && maskedMessage(answered),
    log: log?.map(maskedText),
  };
}

/** Masks what a function printed, as far as an entry has it. */
export function maskedEntry(entry: Entry): Entry {
  const { log, ...detail } = entry.detail ?? {};
  if (!Array.isArray(log)) return entry;
  return { ...entry, detail: { ...detail, log: log.map((line) => maskedText(String(line))) } };
}

/** Keeps so much of a value that two can be told apart. */
function hide(_: string, before: string, value: string): string {
  if (value === '') return before;
  return before + (value.length > 8 ? value.slice(0, 3) + MASK : MASK);
}

/** Keeps who signed, and hides the signature. */
function maskedHeader(value: string): string {
  const signed = value.replace(/(signature="?)[^",\s]+/gi, `$1${MASK}`);
  return signed === value ? MASK : signed;
}
