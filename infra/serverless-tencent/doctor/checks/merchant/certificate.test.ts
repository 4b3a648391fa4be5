import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { selfSigned } from '../../../../../emulator/wechatpay/keys/certificate.ts';
import {
  combine,
  deployedWith,
  type Row,
  textsOf,
  unchanged,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { pairs } from '../../../../../tests/support/doctor/soundFacts.ts';
import { known } from '../../facts/fact.ts';
import { checkCertificate } from './certificate.ts';

const merchantCert = certificateOf(pairs.merchant);
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const cert = (pem: string) => withFacts({ merchantCert: known(pem) });
const atMs = (time: string) => withFacts({ nowMs: Date.parse(time) });

function certificateOf({ privateKey }: typeof pairs.merchant): string {
  return selfSigned(privateKey, { o: '微信商户系统', cn: '1900000109' }, '0a5f1c72');
}

const rows: Row[] = [
  ['not given', unchanged, 'unknown', 'merchant.cert', /未提供/],
  ['given', cert(merchantCert), 'ok', 'merchant.cert', /2200-01-01/],
  ['its serial', cert(merchantCert), 'ok', 'merchant.serial', /一致/],
  [
    'its serial without the leading zero',
    combine(cert(merchantCert), deployedWith({ WXPAY_SERIAL_NO: 'a5f1c72' })),
    'ok',
    'merchant.serial',
    /一致/,
  ],
  [
    'another serial',
    combine(cert(merchantCert), deployedWith({ WXPAY_SERIAL_NO: 'ABCDEF0123' })),
    'broken',
    'merchant.serial',
    /不是/,
  ],
  ['its key', cert(merchantCert), 'ok', 'merchant.pair', /成对/],
  ['another key', cert(certificateOf(stranger)), 'broken', 'merchant.pair', /不是/],
  [
    'no readable key to compare',
    combine(cert(merchantCert), deployedWith({ WXPAY_PRIVATE_KEY: 'x' })),
    'unknown',
    'merchant.pair',
    /无法核对/,
  ],
  [
    '15 days before its end',
    combine(cert(merchantCert), atMs('2199-12-17T00:00:00Z')),
    'warn',
    'merchant.cert',
    /还有 15 天/,
  ],
  [
    'past its end',
    combine(cert(merchantCert), atMs('2201-01-01T00:00:00Z')),
    'broken',
    'merchant.cert',
    /过期/,
  ],
  ['no certificate', cert('apiclient'), 'broken', 'merchant.cert', /无法读取/],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkCertificate, change, level, check)).toMatch(text);
});
