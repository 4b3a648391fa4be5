import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../../../emulator/wechatpay/keys/certificate.ts';
import {
  keysOptions,
  merchantPair,
  next,
  nextPair,
  pemOf,
  sm2Certificate,
  wechatPair,
} from '../../../../tests/support/wechatSide.ts';
import certs from '../../../../tests/vectors/certs.json' with { type: 'json' };
import aead from '../../../../tests/vectors/v3-aead.json' with { type: 'json' };
import notify from '../../../../tests/vectors/v3-notify.json' with { type: 'json' };
import verified from '../../../../tests/vectors/v3-verify.json' with { type: 'json' };
import type { KeyError, KeyErrorCode } from './keyError.ts';
import { createKeys, type KeysOptions } from './keys.ts';

const { publicKey: _, ...withoutPublicKey } = keysOptions;
const withCertificates = (
  ...certificates: NonNullable<KeysOptions['certificates']>
): KeysOptions => ({
  ...withoutPublicKey,
  certificates,
});
const spki = (key: KeyObject | undefined) => key?.export({ format: 'pem', type: 'spki' });

describe('a platform certificate is known by its serial', () => {
  test.each(certs.vectors)('$id', ({ input, expected }) => {
    const keys = createKeys(withCertificates(input.certificate_pem));
    expect(spki(keys.verifier(expected.serial_no))).toBe(expected.public_key_pem);
    expect(keys.verifier(expected.serial_no.toLowerCase())).toBeUndefined();
    expect(keys.publicKeyId).toBeUndefined();
  });

  const listed = aead.vectors.filter(({ kind }) => kind === 'aead-certificate');

  test.each(listed)('$id, read from it or as WeChat lists it', ({ expected }) => {
    const { plaintext: pem = '', serial_no: serial = '', x509_serial = '' } = expected;
    expect(createKeys(withCertificates(pem)).verifier(x509_serial)).toBeDefined();
    expect(createKeys(withCertificates({ serial, pem })).verifier(serial)).toBeDefined();
  });

  test('with and without a leading zero', () => {
    const { verifier } = createKeys(withCertificates(platformCertificate()));
    expect(verifier('0A5F1C72')).toBeDefined();
    expect(verifier('A5F1C72')).toBe(verifier('0A5F1C72'));
  });

  test('two in one text, while one replaces the other', () => {
    const [one, two] = certs.vectors;
    const both = `${one?.input.certificate_pem}\n${two?.input.certificate_pem}`;
    const { verifier } = createKeys(withCertificates(both));
    expect(verifier(one!.expected.serial_no)).toBeDefined();
    expect(verifier(two!.expected.serial_no)).toBeDefined();
  });

  test('one that is not RSA costs the others nothing, in one text or beside it', () => {
    const usable = platformCertificate();
    for (const certificates of [[`${sm2Certificate}${usable}`], [sm2Certificate, usable]]) {
      expect(createKeys(withCertificates(...certificates)).verifier('0A5F1C72')).toBeDefined();
    }
  });

  test('an unknown serial, or a name of every object, is nobody', () => {
    const { verifier } = createKeys(keysOptions);
    for (const serial of ['', '0', '__proto__', 'constructor']) {
      expect(verifier(serial)).toBeUndefined();
    }
  });
});

function platformCertificate(): string {
  return selfSigned(wechatPair.privateKey, { o: 'Tenpay.com', cn: 'Tenpay.com sign' });
}

test('while a merchant is switched over, public key and certificate both verify', () => {
  const keys = createKeys({
    ...keysOptions,
    certificates: [certs.vectors[0]!.input.certificate_pem],
  });
  expect(keys.publicKeyId).toBe(keysOptions.publicKey.id);
  expect(keys.verifier(keysOptions.publicKey.id)).toBeDefined();
  expect(keys.verifier(certs.vectors[0]!.expected.serial_no)).toBeDefined();
});

const oneLine = (pem: string) => pem.trim().replaceAll('\n', '\\n');
const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');
const forms: [string, (pem: string) => string][] = [
  ['PEM', (pem) => pem],
  ['PEM with CRLF', (pem) => pem.replaceAll('\n', '\r\n')],
  ['PEM in one line, \\n for line ends', oneLine],
  ['PEM in one line, \\n escaped twice', (pem) => pem.trim().replaceAll('\n', '\\\\n')],
  ['PEM with CRLF in one line, escaped twice', (pem) => pem.replaceAll('\n', '\\\\r\\\\n')],
  ['base64 with \\n escaped twice', (pem) => `${bare(pem)}\\\\n`],
  ['PEM in one line, blanks for line ends', (pem) => pem.trim().replaceAll('\n', ' ')],
  ['PEM in quotes', (pem) => `"${oneLine(pem)}"`],
  ['PEM with text before it', (pem) => `Bag Attributes\n  friendlyName: x\n${pem}`],
  ['base64 of the DER', bare],
  ['base64 of the PEM', (pem) => Buffer.from(pem).toString('base64')],
];

describe.each(forms)('%s', (_, form) => {
  test('holds a private key', () => {
    for (const type of ['pkcs8', 'pkcs1'] as const) {
      const pem = merchantPair.privateKey.export({ format: 'pem', type }).toString();
      const { privateKey } = createKeys({ ...keysOptions, privateKey: form(pem) });
      expect(privateKey.equals(merchantPair.privateKey)).toBe(true);
    }
  });

  test('holds a public key', () => {
    for (const type of ['spki', 'pkcs1'] as const) {
      const pem = wechatPair.publicKey.export({ format: 'pem', type }).toString();
      const keys = createKeys({
        ...keysOptions,
        publicKey: { id: keysOptions.publicKey.id, pem: form(pem) },
      });
      expect(keys.verifier(keysOptions.publicKey.id)?.equals(wechatPair.publicKey)).toBe(true);
    }
  });

  test('holds a certificate', () => {
    const { input, expected } = certs.vectors[0]!;
    const keys = createKeys(withCertificates(form(input.certificate_pem)));
    expect(keys.verifier(expected.serial_no)).toBeDefined();
  });
});

test('every public key of the vectors is read, PKCS#1 with CRLF too', () => {
  for (const { input } of verified.vectors) {
    const pems = [input.public_key_pem, input.public_key_pem_pkcs8, input.public_key_pem_pkcs1];
    for (const pem of pems.filter((each) => each !== undefined)) {
      const keys = createKeys({ ...keysOptions, publicKey: { id: keysOptions.publicKey.id, pem } });
      expect(keys.verifier(keysOptions.publicKey.id)?.equals(createPublicKey(pem))).toBe(true);
    }
  }
});

const first = certs.vectors[0]!;
const own = pemOf.public(merchantPair.publicKey);
const ownCertificate = selfSigned(merchantPair.privateKey, { o: 'x', cn: keysOptions.mchid });
const anothersCertificate = selfSigned(wechatPair.privateKey, { o: '微信商户系统', cn: '1' });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encrypted = merchantPair.privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();
const publicKey = (pem: string, id = keysOptions.publicKey.id) => ({ publicKey: { id, pem } });

test.each<[KeyErrorCode, string, Partial<KeysOptions>]>([
  ['MCHID_MALFORMED', 'mchid', { mchid: 'wx2421b1c4370ec43b' }],
  ['SERIAL_NO_MALFORMED', 'serialNo', { serialNo: keysOptions.publicKey.id }],
  [
    'SERIAL_NO_IS_PLATFORMS',
    'serialNo',
    { ...withCertificates(first.input.certificate_pem), serialNo: first.expected.serial_no },
  ],
  ['API_V3_KEY_LENGTH', 'apiV3Key', { apiV3Key: `${keysOptions.apiV3Key}\n` }],
  ['API_V3_KEY_LENGTH', 'apiV3Key', { apiV3Key: notify.vectors[4]!.input.api_v3_key }],
  ['PRIVATE_KEY_UNREADABLE', 'privateKey', { privateKey: '' }],
  ['PRIVATE_KEY_UNREADABLE', 'privateKey', { privateKey: './apiclient_key.pem' }],
  ['PRIVATE_KEY_UNREADABLE', 'privateKey', { privateKey: keysOptions.privateKey.slice(0, 900) }],
  [
    'PRIVATE_KEY_UNREADABLE',
    'privateKey',
    { privateKey: keysOptions.privateKey.replace('MII', 'AAA') },
  ],
  ['PRIVATE_KEY_UNREADABLE', 'privateKey', { privateKey: keysOptions.privateKey.repeat(2) }],
  ['PRIVATE_KEY_ENCRYPTED', 'privateKey', { privateKey: encrypted }],
  ['PRIVATE_KEY_IS_CERTIFICATE', 'privateKey', { privateKey: ownCertificate }],
  ['PRIVATE_KEY_IS_PUBLIC', 'privateKey', { privateKey: own }],
  ['PRIVATE_KEY_NOT_RSA', 'privateKey', { privateKey: pemOf.private(short.privateKey) }],
  ['PRIVATE_KEY_NOT_RSA', 'privateKey', { privateKey: pemOf.private(curve.privateKey) }],
  [
    'PUBLIC_KEY_ID_MALFORMED',
    'publicKey.id',
    publicKey(keysOptions.publicKey.pem, keysOptions.serialNo),
  ],
  ['PUBLIC_KEY_UNREADABLE', 'publicKey.pem', publicKey('AAAA')],
  ['PUBLIC_KEY_IS_PRIVATE', 'publicKey.pem', publicKey(pemOf.private(wechatPair.privateKey))],
  ['PUBLIC_KEY_IS_CERTIFICATE', 'publicKey.pem', publicKey(platformCertificate())],
  ['PUBLIC_KEY_IS_MERCHANTS', 'publicKey.pem', publicKey(own)],
  ['PUBLIC_KEY_NOT_RSA', 'publicKey.pem', publicKey(pemOf.public(short.publicKey))],
  ['PUBLIC_KEY_NOT_RSA', 'publicKey.pem', publicKey(pemOf.public(curve.publicKey))],
  ['CERTIFICATE_NOT_RSA', 'certificates', { certificates: [sm2Certificate] }],
  ['CERTIFICATE_UNREADABLE', 'certificates', { certificates: ['no certificate'] }],
  ['CERTIFICATE_UNREADABLE', 'certificates', { certificates: ['AAAA'] }],
  ['CERTIFICATE_IS_KEY', 'certificates', { certificates: [keysOptions.publicKey.pem] }],
  ['CERTIFICATE_IS_MERCHANTS', 'certificates', { certificates: [ownCertificate] }],
  ['CERTIFICATE_IS_MERCHANTS', 'certificates', { certificates: [anothersCertificate] }],
  ['CERTIFICATE_NOT_RSA', 'certificates', { certificates: [shortCertificate()] }],
])('%s: %s holds something else, and the error says what', (code, input, wrong) => {
  const error = thrownBy(() => createKeys({ ...keysOptions, ...wrong }));
  expect(error).toMatchObject({ name: 'KeyError', code, input });
  expect(error.message).not.toContain(keysOptions.apiV3Key);
  expect(error.message).not.toContain('BEGIN');
});

test('without a key of WeChat nothing could be believed', () => {
  expect(thrownBy(() => createKeys(withoutPublicKey)).code).toBe('WECHAT_KEY_MISSING');
});

describe('the next pair of the merchant', () => {
  test('signs once the first is refused, and the first again once it is', () => {
    const keys = createKeys({ ...keysOptions, next });
    expect(keys.serialNo).toBe(keysOptions.serialNo);
    expect(keys.alternativeTo(keysOptions.serialNo)).toBeDefined();
    keys.failOver(keysOptions.serialNo);
    expect(keys.serialNo).toBe(next.serialNo);
    expect(createPublicKey(keys.privateKey).equals(nextPair.publicKey)).toBe(true);
    expect(
      keys.alternativeTo(keysOptions.serialNo),
      'a call that was refused beside',
    ).toBeDefined();
    keys.failOver(keysOptions.serialNo);
    expect(keys.serialNo).toBe(next.serialNo);
    expect(keys.alternativeTo(next.serialNo)).toBeDefined();
    keys.failOver(next.serialNo);
    expect(keys.serialNo).toBe(keysOptions.serialNo);
    expect(createPublicKey(keys.privateKey).equals(merchantPair.publicKey)).toBe(true);
  });

  test('where there is none, nothing turns', () => {
    const keys = createKeys(keysOptions);
    expect(keys.alternativeTo(keysOptions.serialNo)).toBeUndefined();
    keys.failOver(keysOptions.serialNo);
    expect(keys.serialNo).toBe(keysOptions.serialNo);
  });

  test.each<[KeyErrorCode, string, Partial<typeof next>]>([
    ['SERIAL_NO_MALFORMED', 'next.serialNo', { serialNo: 'PUB_KEY_ID_1' }],
    ['PRIVATE_KEY_UNREADABLE', 'next.privateKey', { privateKey: 'x' }],
    ['PRIVATE_KEY_IS_CERTIFICATE', 'next.privateKey', { privateKey: ownCertificate }],
  ])('%s at %s', (code, input, wrong) => {
    const error = thrownBy(() => createKeys({ ...keysOptions, next: { ...next, ...wrong } }));
    expect(error).toMatchObject({ code, input });
  });

  test('its certificate is no platform certificate either', () => {
    const pem = selfSigned(nextPair.privateKey, { o: 'x', cn: keysOptions.mchid });
    const error = thrownBy(() => createKeys({ ...keysOptions, next, certificates: [pem] }));
    expect(error.code).toBe('CERTIFICATE_IS_MERCHANTS');
  });
});

test('downloading has to be asked for, and only where no key of WeChat is given', () => {
  expect(createKeys({ ...withoutPublicKey, downloads: true }).downloads).toBe(true);
  expect(createKeys({ ...keysOptions, downloads: true }).downloads).toBe(false);
});

function shortCertificate(): string {
  return selfSigned(short.privateKey, { o: 'Tenpay.com', cn: 'Tenpay.com sign' });
}

function thrownBy(act: () => unknown): KeyError {
  try {
    act();
  } catch (error) {
    return error as KeyError;
  }
  throw new Error('nothing was thrown');
}
