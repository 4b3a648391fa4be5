import { createPublicKey, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { selfSigned } from '../../../emulator/wechatpay/keys/certificate.ts';
import {
  certificateList,
  keys,
  platform,
  platformPair,
  type Scripted,
  scripted,
  signers,
  sm2Certificate,
} from '../../../tests/support/wechatSide.ts';
import { downloadCertificates } from './certificates.ts';
import { createHosts } from './hosts.ts';

const now = new Date('2026-11-24T09:07:12Z');
const forger = { serial: platform.serial, key: signers.publicKey.key };
/** A certificate that goes by the serial of WeChat's own, with another key in it. */
const forged = selfSigned(forger.key, { o: 'Tenpay.com', cn: 'Tenpay.com sign' });

/** Downloads the list that WeChat answers, knowing these keys before. */
function download(answer: Scripted, known: Record<string, KeyObject> = {}) {
  const context = {
    keys,
    transport: scripted(answer),
    now: () => now,
    randomBytes: (count: number) => new Uint8Array(count),
    hosts: createHosts('https://api.mch.weixin.qq.com'),
  };
  const verifier = (serial: string) => (Object.hasOwn(known, serial) ? known[serial] : undefined);
  return downloadCertificates(context, { verifier }, 3000);
}

test('a list that is signed with a key of its own is taken: only our APIv3 key can have sealed it', async () => {
  const listed = await download(certificateList(now));
  expect([...listed.keys()]).toEqual([platform.serial]);
});

test('a key that is known by a serial is never replaced by the one that a list gives it', async () => {
  const known = { [platform.serial]: createPublicKey(platformPair.privateKey) };
  const list = certificateList(now, { pem: forged, by: forger });
  await expect(download(list, known)).rejects.toMatchObject({
    code: 'ANSWER_UNVERIFIED',
    retry: 'same_request',
    message: expect.stringMatching(/signature \(\/v3\/certificates\)/),
  });
  expect((await download(list)).size, 'where none is known, it is the seal that counts').toBe(1);
});

test('a certificate that is not RSA costs the others of its list nothing', async () => {
  const beside = [{ serial: '039D13348990AF00', pem: sm2Certificate }];
  const listed = await download(certificateList(now, { beside }));
  expect([...listed.keys()]).toEqual([platform.serial]);
  const alone = certificateList(now, { pem: sm2Certificate, by: signers.publicKey });
  const known = { [signers.publicKey.serial]: createPublicKey(signers.publicKey.key) };
  await expect(download(alone, known)).rejects.toMatchObject({ code: 'PLATFORM_CERT_NONE' });
});
