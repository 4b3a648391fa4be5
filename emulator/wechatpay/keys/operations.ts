import { seal } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import type { World } from '../../world/world.ts';
import { Refusal, wrongField } from '../errors.ts';
import type { Answered, Asked } from '../orders/operations.ts';
import { rfc3339 } from '../orders/wire.ts';
import { check, notifyUrlOf, parse, textOf } from '../wire/fields.ts';
import type { KeyRing } from './keyRing.ts';

/** What merchants ask of the platform's keys (平台证书下载、签名验签与加解密测试). */
export function platformOperations({ randomBytes }: World, keys: KeyRing) {
  return {
    /** The certificates that count at present, each sealed under the merchant's APIv3 key. */
    certificates: ({ mchid }: Asked): Answered => {
      const apiV3Key = Buffer.from(keys.merchant(mchid)?.apiV3Key ?? '');
      const listed = keys.certificates();
      if (listed.length === 0) throw new Refusal('RESOURCE_NOT_EXISTS', '无可用的平台证书');
      const data = listed.map(({ serial, pem, effectiveAtMs, expiresAtMs }) => {
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
    },
    /** Says back what it is told, signed; a secret field must open. Source: D4014551946. */
    echo: ({ body, serial }: Asked): Answered => {
      const json = parse(body);
      const required = { echo_message: textOf(1, 1024) };
      const optional = { encrypted_echo_message: textOf(1, 1024), notify_url: notifyUrlOf(255) };
      check(json, required, optional);
      const { echo_message: said, encrypted_echo_message: secret } = json;
      if (secret !== undefined && keys.decrypt(serial, String(secret)) === undefined)
        throw wrongField(
          'encrypted_echo_message',
          '解密失败，请检查加密公钥与Wechatpay-Serial是否一致',
        );
      return { json: { echo_message: said } };
    },
  };
}
