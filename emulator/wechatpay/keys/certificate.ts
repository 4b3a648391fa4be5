import { createPublicKey, type KeyObject, sign } from 'node:crypto';

/**
 * Makes a self-signed X.509 certificate (PEM), as short as one can be: nobody vouches for it
 * outside of the local cloud. `serial` is hexadecimal, an even number of digits below 80….
 */
export function selfSigned(
  privateKey: KeyObject,
  subject: { o: string; cn: string },
  serial = '0a5f1c72',
): string {
  const name = sequence(
    attribute('550406', 'CN'),
    attribute('55040a', subject.o),
    attribute('550403', subject.cn),
  );
  const algorithm = sequence(tlv(0x06, hex('2a864886f70d01010b')), tlv(0x05));
  const validity = sequence(tlv(0x17, text('200101000000Z')), tlv(0x18, text('22000101000000Z')));
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const number = tlv(0x02, hex(serial));
  const toSign = sequence(number, algorithm, name, validity, name, publicKey);
  const signature = tlv(0x03, Buffer.concat([hex('00'), sign('sha256', toSign, privateKey)]));
  const der = sequence(toSign, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${der.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
}

function attribute(oid: string, value: string): Buffer {
  return tlv(0x31, sequence(tlv(0x06, hex(oid)), tlv(0x0c, text(value))));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** One element of DER: tag, length, value. */
function tlv(tag: number, value: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = value;
  const long = hex(length.toString(16).padStart(length > 255 ? 4 : 2, '0'));
  const head = length < 128 ? [tag, length] : [tag, 0x80 + long.length, ...long];
  return Buffer.concat([Buffer.from(head), value]);
}

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const text = (value: string): Buffer => Buffer.from(value);
