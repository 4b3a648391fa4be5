import { seal } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import type { World } from '../../world/world.ts';
import { RefusalError, wrongField } from '../errors.ts';
import { check, notifyUrlOf, parse, textOf } from '../wire/fields.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { rfc3339 } from '../wire/time.ts';
import type { KeyRing } from './keyRing.ts';

/**
 * Lists the certificates that count at present (平台证书下载), each sealed under the merchant's APIv3
 * key.
 */
export function listCertificates(
  { randomBytes }: World,
  keys: KeyRing,
  { mchid }: OperationRequest,
): OperationAnswer {
  const apiV3Key = Buffer.from(keys.merchant(mchid)?.apiV3Key ?? '');
  const certificates = keys.certificates();
  if (certificates.length === 0) throw new RefusalError('RESOURCE_NOT_EXISTS', '无可用的平台证书');
  const data = certificates.map(({ serial, pem, effectiveAtMs, expiresAtMs }) => {
    const nonce = randomBytes(6).toString('hex');
    const sealed = seal(pem, apiV3Key, nonce, 'certificate');
    return {
      serial_no: serial,
      effective_time: rfc3339(effectiveAtMs),
      expire_time: rfc3339(expiresAtMs),
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce: sealed.nonce,
        associated_data: sealed.associatedData,
        ciphertext: sealed.ciphertext,
      },
    };
  });
  return { json: { data } };
}

/** Echoes a message, signed (签名验签与加解密测试); a secret field must open. Source: D4014551946. */
export function echo(keys: KeyRing, { body, serial }: OperationRequest): OperationAnswer {
  const json = parse(body);
  const required = { echo_message: textOf(1, 1024) };
  const optional = { encrypted_echo_message: textOf(1, 1024), notify_url: notifyUrlOf(255) };
  check(json, { required, optional });
  const { echo_message: message, encrypted_echo_message: secret } = json;
  if (secret !== undefined && keys.decrypt(serial, String(secret)) === undefined)
    throw wrongField(
      'encrypted_echo_message',
      '解密失败，请检查加密公钥与Wechatpay-Serial是否一致',
    );
  return { json: { echo_message: message } };
}
