import { createCipheriv, createHash } from 'node:crypto';

/** An element of APIv2's XML with its fields, each as CDATA, the way WeChat prints it. */
export function xmlOf(root: 'xml' | 'root', fields: Record<string, string>): string {
  const lines = Object.entries(fields).map(
    ([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return [`<${root}>`, ...lines, `</${root}>`].join('\n');
}

/**
 * Closes a refund as `req_info`: base64 of AES-256-ECB under the hexadecimal MD5 of the APIv2 key.
 */
export function reqInfoOf(fields: Record<string, string>, apiV2Key: string): string {
  const key = Buffer.from(createHash('md5').update(apiV2Key).digest('hex'));
  const cipher = createCipheriv('aes-256-ecb', key, null);
  const plain = xmlOf('root', fields);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}
