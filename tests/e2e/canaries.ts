/** Finds values that must stay where they belong in whatever a run of the scenarios wrote. */
import type { MerchantFacts } from '../../emulator/wechatpay/merchantFacts.ts';

/** A kind of secret. */
export type Kind =
  /** Keys of the merchant and of the cloud account: private key, APIv3 key, service key, secret key. */
  | 'key'
  /** Secrets that the platform hands to a call: its session token, its CloudPay token. */
  | 'token'
  /** Certificates and public keys of WeChat Pay. */
  | 'certificate'
  | 'openid'
  /** The bank card that an abnormal refund is to go to, and whose it is. */
  | 'card'
  /** The merchant's own text, which comes back in notifications. */
  | 'attach'
  /** The secret that WeChat alone was given with an order of cloud pay. */
  | 'secret'
  /** Fields that only the sealed body of a notification, or the answer to a query, holds. */
  | 'notification';

/** One value of a kind, as it would be found in a text. */
export interface Canary {
  kind: Kind;
  name: string;
  value: string;
}

/** A place where something was written or answered. */
export type Place =
  /** A line that a function printed. */
  | 'log'
  /** An entry of the local cloud's timeline. */
  | 'timeline'
  /** How the platform words a call that ended without an answer. */
  | 'error'
  /** An answer to the payer, an admin or the merchant's server. */
  | 'answer'
  /** The answer that hands over a bill, which holds what WeChat puts in. */
  | 'bill'
  /** An answer to anybody else: another user, another source, the internet. */
  | 'stranger'
  /** A stored document. */
  | 'document';

/** A text and where it was met. */
export interface Trace {
  place: Place;
  text: string;
}

/** A trace of something that was stored as JSON. */
export function traceOf(place: Place, value: unknown): Trace {
  return { place, text: JSON.stringify(value) ?? '' };
}

/**
 * The only places where a kind may be met. A document stores the payer, `attach` and the frozen request;
 * `queryOrder` gives `attach` back to those who may see the order.
 */
const mayBeIn: Record<Kind, readonly Place[]> = {
  key: [],
  token: [],
  certificate: [],
  openid: ['document', 'bill'],
  card: [],
  attach: ['document', 'answer', 'bill'],
  secret: ['document', 'bill'],
  notification: ['bill'],
};

/** The text that orders of the scenarios carry. */
export const ATTACH = 'attach-of-the-canary';

/** The card that an abnormal refund is paid to in a scenario. */
export const CARD = {
  type: 'USER_BANK_CARD',
  bankType: 'ICBC_DEBIT',
  bankAccount: '6222020000000008765',
  realName: '欧阳验金',
} as const;

const openids = ['oPayer', 'oAdmin', 'oStranger', 'oSomebodyElse'];
/** Fields and a value that WeChat seals into each notification of a payment, and the seal itself. */
const sealed = ['bank_type', 'OTHERS', 'trade_state_desc', 'payer_currency', 'ciphertext'];

/** The canaries of every run: those of persons and of what was sealed. */
export const commonCanaries: readonly Canary[] = [
  ...openids.map((value): Canary => ({ kind: 'openid', name: 'openid', value })),
  ...sealed.map((value): Canary => ({ kind: 'notification', name: value, value })),
  { kind: 'attach', name: 'attach', value: ATTACH },
  { kind: 'card', name: 'bank account', value: CARD.bankAccount },
  { kind: 'card', name: 'real name', value: CARD.realName },
];

/** The secrets in the frozen requests of documents, where cloud pay put any. */
export function secretCanaries(requests: readonly (string | undefined)[]): Canary[] {
  return requests.flatMap((request): Canary[] => {
    const { attach, function_name } = JSON.parse(request || '{}') as Record<string, string>;
    return attach && function_name ? [{ kind: 'secret', name: 'secret', value: attach }] : [];
  });
}

/** Secrets that a platform hands to each call; the local cloud has its own. */
export const platformCredentials = {
  secretId: 'secret-id',
  secretKey: 'secret-key-of-the-canary',
  token: 'session-token-of-the-canary',
};

/** The token that a platform hands to those who may call WeChat through it. */
export const PAY_TOKEN = 'pay-token-of-the-canary';

/** The canaries of {@link platformCredentials}. */
export const platformCanaries: readonly Canary[] = [
  { kind: 'key', name: 'secret key', value: platformCredentials.secretKey },
  { kind: 'token', name: 'session token', value: platformCredentials.token },
  { kind: 'token', name: 'pay token', value: PAY_TOKEN },
];

/** The canaries of a merchant's configuration. */
export function merchantCanaries(merchant: MerchantFacts): Canary[] {
  return [
    { kind: 'key', name: 'merchant private key', value: bodyOf(merchant.privateKeyPem) },
    { kind: 'key', name: 'APIv3 key', value: merchant.apiV3Key },
    { kind: 'key', name: 'APIv2 key', value: merchant.apiV2Key },
    { kind: 'certificate', name: 'public key', value: bodyOf(merchant.publicKeyPem) },
    {
      kind: 'certificate',
      name: 'platform certificate',
      value: bodyOf(merchant.platformCertificatePem),
    },
  ];
}

/** A line from within a PEM: it stays whole in each form that a setting may have. */
function bodyOf(pem: string): string {
  const line = pem.split('\n')[3] ?? '';
  if (line.length < 64) throw new Error('no line of a PEM to look for');
  return line;
}

/** Tells whom an answer of this function reaches. */
export function placeOf(
  name: string,
  { openid, source, service }: { openid?: string; source?: string; service?: true },
  errCode: unknown,
): Place {
  const ours = service || (source ?? 'wx_client') === 'wx_client';
  if (!ours || (openid !== 'oPayer' && openid !== 'oAdmin' && !service)) return 'stranger';
  return name === 'downloadBill' && errCode === 0 ? 'bill' : 'answer';
}

/** Every canary that was met where it may not be, each once a place, with the text around it. */
export function leaksIn(traces: readonly Trace[], canaries: readonly Canary[]): string[] {
  const leaks = new Map<string, string>();
  for (const { place, text } of traces) {
    for (const { kind, name, value } of canaries) {
      const found = mayBeIn[kind].includes(place) ? -1 : text.indexOf(value);
      if (found < 0) continue;
      leaks.set(`${name} in ${place}`, text.slice(Math.max(0, found - 100), found + 100));
    }
  }
  return [...leaks].map(([what, around]) => `${what}: …${around}…`);
}

/** The kinds that were met at all, with their places: those that may be somewhere should be. */
export function metIn(traces: readonly Trace[], canaries: readonly Canary[]): string[] {
  const met = new Set<string>();
  for (const { place, text } of traces) {
    for (const { kind, value } of canaries) if (text.includes(value)) met.add(`${kind} ${place}`);
  }
  return [...met];
}
