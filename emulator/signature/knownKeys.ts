import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Keys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { readPem } from '../../shared/gateway/apiV3/keys/pem.ts';
import type { Question } from './question.ts';
import { digestSignedBy } from './signer.ts';

/** A key of WeChat's with what it has to do with a notification. */
export interface KnownKey {
  serial: string;
  /** Where it was found: in the settings, or beside them. */
  from: 'settings' | 'wechat';
  key: KeyObject;
  /** The digest that it signed; undefined where it did not make the signature. */
  digest: Buffer | undefined;
}

/** Lists the configured keys, then what else is known of WeChat's, each with what it signed. */
export function knownKeys(keys: Keys, { keys: options, wechats, signed }: Question): KnownKey[] {
  const signature = signed.headers['wechatpay-signature'] ?? '';
  const configured = [
    ...(options.publicKey ? [options.publicKey.id.trim()] : []),
    ...(options.certificates ?? []).flatMap((each) =>
      serialsIn(typeof each === 'string' ? each : each.pem),
    ),
  ].flatMap((serial): Omit<KnownKey, 'digest'>[] => {
    const key = keys.verifier(serial);
    return key ? [{ serial, from: 'settings', key }] : [];
  });
  const beside = wechats
    .map(({ serial, pem }) => ({ serial, from: 'wechat', key: createPublicKey(pem) }) as const)
    .filter(({ key }) => !configured.some((each) => each.key.equals(key)));
  return [...configured, ...beside].map((each) => ({
    ...each,
    digest: digestSignedBy(signature, each.key),
  }));
}

function serialsIn(pem: string): string[] {
  return readPem(pem).map(({ der }) => new X509Certificate(der).serialNumber);
}
