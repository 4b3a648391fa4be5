/** The faults that the merchant's keys can have: which input, and what it should hold instead. */
const causes = {
  MCHID_MALFORMED: ['mchid', '商户号应为数字 (the merchant number is digits)'],
  SERIAL_NO_MALFORMED: [
    'serialNo',
    '应为商户 API 证书序列号（十六进制），见商户平台「账户中心-API 安全」；不是公钥 ID (the serial of the merchant certificate, hexadecimal; not a public key id)',
  ],
  SERIAL_NO_IS_PLATFORMS: [
    'serialNo',
    '这是微信支付平台证书的序列号，应填商户 API 证书的序列号 (this is the serial of the platform certificate; the merchant certificate has its own)',
  ],
  API_V3_KEY_LENGTH: [
    'apiV3Key',
    'APIv3 密钥应为 32 字节，请检查首尾空格或换行 (the APIv3 key is 32 bytes; look for a blank or line end around it)',
  ],
  PRIVATE_KEY_UNREADABLE: [
    'privateKey',
    '无法读取商户私钥，应为 apiclient_key.pem 的 PEM、单行 PEM 或 base64，或部署写入的 rsa.… 紧凑形式，且完整无缺 (the merchant private key cannot be read: PEM, one-line PEM or base64 of apiclient_key.pem, or the form rsa.… that a deploy writes, whole)',
  ],
  PRIVATE_KEY_ENCRYPTED: [
    'privateKey',
    '商户私钥带有口令，请先解密 (the private key is encrypted: remove its passphrase)',
  ],
  PRIVATE_KEY_IS_CERTIFICATE: [
    'privateKey',
    '这是证书 (apiclient_cert.pem)，应填私钥 apiclient_key.pem (this is a certificate; the private key is apiclient_key.pem)',
  ],
  PRIVATE_KEY_IS_PUBLIC: [
    'privateKey',
    '这是公钥，应填私钥 apiclient_key.pem (this is a public key; the private key is apiclient_key.pem)',
  ],
  PRIVATE_KEY_NOT_RSA: [
    'privateKey',
    '商户私钥应为 RSA，至少 2048 位 (the private key must be RSA of 2048 bits or more)',
  ],
  PUBLIC_KEY_ID_MALFORMED: [
    'publicKey.id',
    '微信支付公钥 ID 应以 PUB_KEY_ID_ 开头 (the id of the WeChat Pay public key begins with PUB_KEY_ID_)',
  ],
  PUBLIC_KEY_UNREADABLE: [
    'publicKey.pem',
    '无法读取微信支付公钥，应为 pub_key.pem (the WeChat Pay public key cannot be read: pub_key.pem)',
  ],
  PUBLIC_KEY_IS_PRIVATE: [
    'publicKey.pem',
    '这是私钥，应填微信支付公钥 pub_key.pem (this is a private key; the public key of WeChat Pay is pub_key.pem)',
  ],
  PUBLIC_KEY_IS_CERTIFICATE: [
    'publicKey.pem',
    '这是证书；平台证书应填在平台证书一项 (this is a certificate; a platform certificate has its own setting)',
  ],
  PUBLIC_KEY_IS_MERCHANTS: [
    'publicKey.pem',
    '这是商户自己的公钥，应从商户平台下载微信支付公钥 (this is your own public key; take the one of WeChat Pay from the merchant console)',
  ],
  PUBLIC_KEY_NOT_RSA: [
    'publicKey.pem',
    '微信支付公钥应为 RSA，至少 2048 位 (the public key must be RSA of 2048 bits or more)',
  ],
  PUBLIC_KEY_NOT_CONFIGURED: [
    'publicKey.id',
    '微信支付用一个没有配置的公钥签名：请填此公钥的 WXPAY_PUBLIC_KEY_ID 与 WXPAY_PUBLIC_KEY (WeChat Pay signed with a public key that is not configured: set its id and the key)',
  ],
  CERTIFICATE_UNREADABLE: [
    'certificates',
    '无法读取平台证书 (the platform certificate cannot be read)',
  ],
  CERTIFICATE_IS_KEY: [
    'certificates',
    '这是密钥而不是证书；微信支付公钥应与公钥 ID 一起填写 (this is a key, no certificate; a WeChat Pay public key is given with its id)',
  ],
  CERTIFICATE_IS_MERCHANTS: [
    'certificates',
    '这是商户 API 证书 (apiclient_cert.pem)，应填微信支付平台证书 (this is your merchant certificate; the platform certificate of WeChat Pay is wanted)',
  ],
  CERTIFICATE_NOT_RSA: [
    'certificates',
    '平台证书应为 RSA，至少 2048 位 (the platform certificate must hold an RSA key of 2048 bits or more)',
  ],
  WECHAT_KEY_MISSING: [
    'publicKey.pem',
    '缺少微信支付公钥或平台证书，无法验签 (a WeChat Pay public key or platform certificate is needed to verify)',
  ],
  SERIAL_NO_UNKNOWN: [
    'serialNo',
    '微信支付不认识该商户证书序列号，请核对 WXPAY_SERIAL_NO 与商户号 (WeChat Pay does not know this serial of a merchant certificate: compare it and the merchant number with the console)',
  ],
  CERTIFICATE_OUT_OF_USE: [
    'serialNo',
    '商户证书已过期、作废或被更换，请换用新证书及其私钥 (the merchant certificate expired, was revoked or replaced: take the new one with its key)',
  ],
  PRIVATE_KEY_NOT_OF_SERIAL: [
    'privateKey',
    '商户私钥与证书序列号不匹配：签名串与微信支付所见一致，签名却不符 (the private key does not belong to the serial: WeChat Pay saw the very text that we signed)',
  ],
  SIGNED_TEXT_CHANGED: [
    'apiUrl',
    '请求在途中被改动：微信支付所见的签名串与发出的不同，请检查代理 (the request was changed on its way: WeChat Pay saw another text than we signed; look for a proxy)',
  ],
  ENCRYPTION_KEY_WRONG: [
    'publicKey.pem',
    '微信支付无法解密敏感信息：WXPAY_PUBLIC_KEY 与 WXPAY_PUBLIC_KEY_ID 不匹配，或平台证书已停用，请从商户平台重新获取 (WeChat Pay cannot open what was encrypted for it: public key and id do not belong together, or the platform certificate is out of use)',
  ],
  CLOCK_OFF: [
    'clock',
    '服务器时间与微信支付相差 5 分钟以上，请校时 (the clock is more than 5 minutes off)',
  ],
} as const satisfies Record<string, readonly [string, string]>;

export type KeyErrorCode = keyof typeof causes;

/** A key that cannot work; `input` names the option of `createKeys`. It never holds the key's text. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;
  readonly input: string;
  constructor(code: KeyErrorCode, more: { found?: string; in?: 'next'; cause?: unknown } = {}) {
    const [input, text] = causes[code];
    const found = more.found === undefined ? '' : `；实际 (found): ${more.found}`;
    super(`${text}${found}`, { cause: more.cause });
    this.code = code;
    this.input = more.in === undefined ? input : `${more.in}.${input}`;
  }
}
