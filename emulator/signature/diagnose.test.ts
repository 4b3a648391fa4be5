import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  keysOptions,
  merchantPair,
  paidOrder,
  pemOf,
  platform,
  signedHeaders,
  signedNotification,
  signers,
} from '../../tests/support/wechatSide.ts';
import { SIGNATURE_CAUSES, type SignatureCause } from '../control/api/signature.ts';
import { EXPLANATIONS, NO_CAUSE } from './causes.ts';
import { diagnose } from './diagnose.ts';
import type { Question } from './question.ts';

const now = new Date('2026-11-24T09:07:11Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const genuine: Question = {
  signed: signedNotification(paidOrder, now),
  keys: keysOptions,
  receivedAt: now,
  clock: now,
  wechats: [
    { serial: keysOptions.publicKey.id, pem: keysOptions.publicKey.pem },
    { serial: platform.serial, pem: platform.pem },
  ],
  others: [],
};
const { headers } = genuine.signed;
const text = Buffer.from(genuine.signed.body).toString();
const withHeaders = (more: Record<string, string>): Question => ({
  ...genuine,
  signed: { ...genuine.signed, headers: { ...headers, ...more } },
});
const withBody = (body: string): Question => ({
  ...genuine,
  signed: { headers, body: Buffer.from(body) },
});
const withKeys = (more: Partial<Question['keys']>): Question => ({
  ...genuine,
  keys: { ...keysOptions, ...more },
});
const signedOver = (body: string, received = body): Question => ({
  ...genuine,
  signed: { headers: signedHeaders(body, now), body: Buffer.from(received) },
});
const byForger = { serial: keysOptions.publicKey.id, key: stranger.privateKey };
const byCertificate = {
  ...genuine,
  signed: signedNotification(paidOrder, now, {}, signers.certificate),
};
const otherKey = 'OtherAPIv3Key-32Characters123456';
const { 'wechatpay-serial': _, ...withoutSerial } = headers;
const { publicKey: __, ...withoutPublicKey } = keysOptions;
const id = keysOptions.publicKey.id;
const wide = JSON.stringify(JSON.parse(text), null, 2);
const shuffled = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()));

// Each cause, made with real keys and signatures; the last column is what is named as wrong.
const table: [string, SignatureCause, Question, string][] = [
  [
    'a header that a gateway dropped',
    'header',
    { ...genuine, signed: { headers: withoutSerial, body: genuine.signed.body } },
    'wechatpay-serial',
  ],
  [
    'a header that a proxy folded',
    'header',
    withHeaders({ 'wechatpay-nonce': 'a b' }),
    'wechatpay-nonce',
  ],
  [
    'a probe',
    'probe',
    withHeaders({ 'wechatpay-signature': `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}` }),
    'wechatpay-signature',
  ],
  [
    'a server whose clock is ahead',
    'clock_off',
    { ...genuine, clock: later(600) },
    'wechatpay-timestamp',
  ],
  [
    'a server whose clock is behind',
    'clock_off',
    { ...genuine, clock: later(-600) },
    'wechatpay-timestamp',
  ],
  [
    'one of the future',
    'clock_off',
    { ...genuine, clock: later(-600), receivedAt: later(-600) },
    'wechatpay-timestamp',
  ],
  [
    'one that was recorded and sent again',
    'replay',
    { ...genuine, clock: later(301), receivedAt: later(301) },
    'wechatpay-timestamp',
  ],
  [
    'a serial that nobody configured',
    'serial_unknown',
    withHeaders({ 'wechatpay-serial': '7777777777' }),
    '7777777777',
  ],
  ['a certificate that is not configured', 'serial_unknown', byCertificate, platform.serial],
  [
    'another public key',
    'serial_unknown',
    withHeaders({ 'wechatpay-serial': 'PUB_KEY_ID_0000' }),
    'PUB_KEY_ID_0000',
  ],
  [
    'a certificate in place of the public key',
    'public_key_missing',
    { ...genuine, keys: { ...withoutPublicKey, certificates: [platform.pem] } },
    id,
  ],
  [
    'the merchant’s own public key',
    'key_kind',
    withKeys({ publicKey: { id, pem: pemOf.public(merchantPair.publicKey) } }),
    'publicKey.pem',
  ],
  [
    'a certificate as the public key',
    'key_kind',
    withKeys({ publicKey: { id, pem: platform.pem } }),
    'publicKey.pem',
  ],
  [
    'a serial as the id of the public key',
    'key_kind',
    withKeys({ publicKey: { id: platform.serial, pem: keysOptions.publicKey.pem } }),
    'publicKey.id',
  ],
  [
    'another key under the id',
    'key_not_of_serial',
    withKeys({ publicKey: { id, pem: pemOf.public(stranger.publicKey) } }),
    id,
  ],
  ['a body that was printed wide', 'body_reserialised', withBody(wide), 'body[1]'],
  ['a body whose fields are in another order', 'body_reserialised', withBody(shuffled), 'body[2]'],
  [
    'a body whose Chinese was escaped',
    'body_reserialised',
    withBody(text.replace('支付成功', '\\u652f\\u4ed8\\u6210\\u529f')),
    `body[${Buffer.from(text.split('支付成功')[0] ?? '').length}]`,
  ],
  [
    'a body that was trimmed',
    'line_ends',
    signedOver(`${text}\n`, text),
    // The base string ends with a line end in either case.
    `body[${Buffer.from(text).length + 1}]`,
  ],
  [
    'a body with a line end of a paste',
    'line_ends',
    withBody(`${text}\n`),
    `body[${Buffer.from(text).length + 1}]`,
  ],
  ['line ends of Windows', 'line_ends', signedOver(wide, wide.replaceAll('\n', '\r\n')), 'body[1]'],
  [
    'a body that the gateway encoded',
    'body_encoded',
    withBody(Buffer.from(text).toString('base64')),
    'body[0]',
  ],
  [
    'a body that was read as Latin-1',
    'body_encoded',
    withBody(Buffer.from(text).toString('latin1')),
    `body[${Buffer.from(text.split('支付成功')[0] ?? '').length}]`,
  ],
  [
    'one changed letter',
    'content_changed',
    withBody(text.replace('encrypt-resource', 'encrypt-resourcE')),
    `body[${text.indexOf('encrypt-resource') + 15}]`,
  ],
  [
    'one letter too many',
    'content_changed',
    withBody(text.replace('TRANSACTION', 'TRANSACTIONX')),
    `body[${text.indexOf('TRANSACTION') + 11}]`,
  ],
  [
    'a nonce of another notification',
    'content_changed',
    withHeaders({ 'wechatpay-nonce': 'xcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz' }),
    'wechatpay-nonce',
  ],
  [
    'a forger’s key',
    'forged',
    { ...genuine, signed: signedNotification(paidOrder, now, {}, byForger) },
    'wechatpay-signature',
  ],
  [
    'a forger’s key, too late',
    'forged',
    {
      ...genuine,
      clock: later(900),
      receivedAt: later(900),
      signed: signedNotification(paidOrder, now, {}, byForger),
    },
    'wechatpay-signature',
  ],
  ['another APIv3 key', 'api_v3_key', withKeys({ apiV3Key: otherKey }), 'WXPAY_API_V3_KEY'],
  [
    'an APIv3 key with a line end',
    'api_v3_key',
    withKeys({ apiV3Key: `${keysOptions.apiV3Key}\n` }),
    'apiV3Key',
  ],
  [
    'a payment of another merchant',
    'other_merchant',
    { ...genuine, signed: signedNotification({ ...paidOrder, mchid: '1900000777' }, now) },
    '1900000777',
  ],
  [
    'one sealed for another merchant',
    'other_merchant',
    {
      ...withKeys({ apiV3Key: otherKey }),
      others: [{ mchid: '1900000888', apiV3Key: keysOptions.apiV3Key }],
    },
    '1900000888',
  ],
];

test.each(table)('%s: %s', async (_what, cause, question, where) => {
  const { cause: found, where: place, message, advice } = await diagnose(question);
  expect({ found, place }).toEqual({ found: cause, place: where });
  expect(advice).toBe(EXPLANATIONS[cause].advice);
  expect(message).not.toBe('');
});

test('the table has every cause', () => {
  expect(new Set(table.map(([, cause]) => cause))).toEqual(new Set(SIGNATURE_CAUSES));
});

test('a genuine one is taken, and its content shown', async () => {
  const diagnosis = await diagnose(genuine);
  expect(diagnosis).toMatchObject({ verdict: { isAccepted: true }, ...NO_CAUSE.accepted });
  expect(diagnosis.cause).toBeUndefined();
  expect(JSON.parse(diagnosis.resource ?? '')).toEqual(paidOrder);
  expect(diagnosis.digests.signed).toBe(diagnosis.digests.verified);
  expect(diagnosis.baseString).toBe(
    `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${text}\n`,
  );
  expect(diagnosis.keys).toEqual([
    { serial: id, isConfigured: true, isNamed: true, hasSigned: true },
    { serial: platform.serial, isConfigured: false, isNamed: false, hasSigned: false },
  ]);
});

test('one that is authentic and malformed has none of the causes, and a reason', async () => {
  const diagnosis = await diagnose(signedOver('{}'));
  expect(diagnosis).toMatchObject({
    verdict: { isAccepted: false, status: 400, reason: 'body_malformed:resource' },
    ...NO_CAUSE.refused,
  });
});

test('a change of more than one byte is a change, and no byte is named', async () => {
  const changed = withBody(text.replace('TRANSACTION', 'transaction'));
  expect(await diagnose(changed)).toMatchObject({ cause: 'content_changed' });
  expect((await diagnose(changed)).difference).toBeUndefined();
});

test('the difference shows both texts from the first byte on', async () => {
  const { difference } = await diagnose(
    withBody(text.replace('encrypt-resource', 'encrypt-resourcE')),
  );
  expect(difference?.before.endsWith('encrypt-resourc')).toBe(true);
  expect(difference?.signed.startsWith('e"')).toBe(true);
  expect(difference?.received.startsWith('E"')).toBe(true);
});

test('every explanation is Chinese, then English', () => {
  const all = [...Object.values(EXPLANATIONS), ...Object.values(NO_CAUSE)];
  for (const wording of all.flatMap(({ message, advice }) => [message, advice])) {
    expect(wording).toMatch(/^.*\p{Script=Han}.* \([^\p{Script=Han}]+\)$/u);
  }
});
