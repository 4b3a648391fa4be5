import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { headerIn, headersIn, linesOf, type Notice } from './notice.ts';

export type Cause = NonNullable<AnswerOf<'POST /_local/signature'>['cause']>;
type World = AnswerOf<'GET /_local/world'>;

const ANOTHER_KEY = 'another-key-of-thirty-two-bytes!';
const OFF_MS = 600_000;
const SIGNATURE_BYTES = 256;

/** Spoils a notification in the way of each cause; what it needs to know of WeChat's keys the world says. */
export const SPOILS: Record<Cause, (notice: Notice, world: World) => Notice | Promise<Notice>> = {
  header: (notice) => withHeader(notice, 'Wechatpay-Nonce', () => undefined),
  probe: (notice) =>
    withHeader(notice, 'Wechatpay-Signature', (value) => `WECHATPAY/SIGNTEST/${value}`),
  clock_off: (notice) => ({ ...notice, clock: later(notice.receivedAt) }),
  replay: (notice) => ({ ...notice, receivedAt: later(notice.receivedAt) }),
  serial_unknown: (notice) =>
    withHeader(notice, 'Wechatpay-Serial', () => '7777777777777777777777777777777777777777'),
  public_key_missing: (notice, world) =>
    withKeys(notice, { certificates: world.platformCertificatePem }),
  key_kind: (notice, { publicKeyId, platformCertificatePem }) =>
    withKeys(notice, { publicKeyId, publicKey: platformCertificatePem }),
  key_not_of_serial: async (notice, { publicKeyId }) =>
    withKeys(notice, { publicKeyId, publicKey: await newPublicKey() }),
  body_reserialised: (notice) => ({ ...notice, body: printedWide(notice.body) }),
  line_ends: (notice) => ({ ...notice, body: `${notice.body}\n` }),
  body_encoded: (notice) => ({ ...notice, body: base64Of(new TextEncoder().encode(notice.body)) }),
  content_changed: (notice) => ({
    ...notice,
    body: notice.body.replace('encrypt-resource', 'encrypt-resourcE'),
  }),
  forged: (notice) =>
    withHeader(notice, 'Wechatpay-Signature', () =>
      base64Of(crypto.getRandomValues(new Uint8Array(SIGNATURE_BYTES))),
    ),
  api_v3_key: (notice) => withKeys(notice, { apiV3Key: ANOTHER_KEY }),
  other_merchant: (notice) => withKeys(notice, { mchid: '1900000888' }),
};

/** The causes in the order in which they are offered. */
export const CAUSES = Object.keys(SPOILS) as Cause[];

function withHeader(
  notice: Notice,
  name: string,
  change: (value: string) => string | undefined,
): Notice {
  const headers = headersIn(notice.headers);
  const changed = change(headerIn(headers, name.toLowerCase()));
  const others = Object.entries(headers).filter(
    ([each]) => each.toLowerCase() !== name.toLowerCase(),
  );
  const all = changed === undefined ? others : [...others, [name, changed] as const];
  return { ...notice, headers: linesOf(Object.fromEntries(all)) };
}

function withKeys(notice: Notice, keys: Partial<Notice['keys']>): Notice {
  return { ...notice, keys: { ...notice.keys, ...keys } };
}

function later(at: string): string {
  const atMs = at === '' ? Date.now() : Date.parse(at);
  return new Date(atMs + OFF_MS).toISOString();
}

function printedWide(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

async function newPublicKey(): Promise<string> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const der = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return `-----BEGIN PUBLIC KEY-----\n${base64Of(der)}\n-----END PUBLIC KEY-----`;
}
