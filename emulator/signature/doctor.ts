import type { KeysOptions } from '../../shared/gateway/apiV3/keys/keys.ts';
import type { Diagnosis, SignatureQuestion } from '../control/api/signature.ts';
import { diagnose } from './diagnose.ts';

/** A merchant of the local cloud, with WeChat's keys. */
export interface LocalMerchant {
  mchid: string;
  serialNo: string;
  privateKeyPem: string;
  apiV3Key: string;
  publicKeyId: string;
  publicKeyPem: string;
  platformSerial: string;
  platformCertificatePem: string;
}

/**
 * Makes the signature doctor of a local cloud with these merchants, of whom one is configured: what a question
 * leaves out is as it is there.
 */
export function createSignatureDoctor(
  now: () => Date,
  merchants: () => readonly LocalMerchant[],
  configured: () => LocalMerchant,
): (asked: SignatureQuestion) => Promise<Diagnosis> {
  return (asked) => {
    const merchant = configured();
    const keys = keysOf(asked.keys ?? {}, merchant);
    const receivedAt = asked.receivedAt === undefined ? now() : new Date(asked.receivedAt);
    return diagnose({
      signed: { headers: inLowerCase(asked.headers), body: Buffer.from(asked.body) },
      keys,
      receivedAt,
      clock: asked.clock === undefined ? receivedAt : new Date(asked.clock),
      wechats: [
        { serial: merchant.publicKeyId, pem: merchant.publicKeyPem },
        { serial: merchant.platformSerial, pem: merchant.platformCertificatePem },
      ],
      others: merchants().filter(({ mchid }) => mchid !== keys.mchid),
    });
  };
}

function inLowerCase(headers: Record<string, string>): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(named);
}

/** Keys of WeChat's that are given take the place of all that are configured. */
function keysOf(given: NonNullable<SignatureQuestion['keys']>, local: LocalMerchant): KeysOptions {
  const { mchid = local.mchid, apiV3Key = local.apiV3Key } = given;
  const own = { mchid, serialNo: local.serialNo, privateKey: local.privateKeyPem, apiV3Key };
  const { publicKeyId, publicKey, certificates } = given;
  if (publicKeyId === undefined && publicKey === undefined && certificates === undefined) {
    return { ...own, publicKey: { id: local.publicKeyId, pem: local.publicKeyPem } };
  }
  const hasPublicKey = publicKeyId !== undefined || publicKey !== undefined;
  return {
    ...own,
    ...(hasPublicKey ? { publicKey: { id: publicKeyId ?? '', pem: publicKey ?? '' } } : {}),
    ...(certificates === undefined ? {} : { certificates: [certificates] }),
  };
}
