import type { FunctionName, SampleName } from './callers.ts';

/** Lists every environment key, what it should hold and where to find it, for errors and the deploy. */
export const environment = {
  WXPAY_LINK:
    '新订单的支付链路：apiV3（默认，商户密钥直连）或 cloudPay（云开发云支付，已绑定的旧商户）(the link of new orders: apiV3, or cloudPay for merchants bound to CloudBase)',
  WXPAY_MCHID:
    '商户号，数字，见商户平台「账户中心-商户信息」；云支付即 subMchId (merchant number, digits; subMchId on cloud pay)',
  WXPAY_APPID: '小程序 AppID，wx 开头，见公众平台「开发设置」(the mini program, wx…)',
  WXPAY_SP_MCHID:
    '服务商模式：服务商商户号，与 WXPAY_SP_APPID 成对；此时 WXPAY_MCHID、WXPAY_APPID 即 sub_mchid、sub_appid，证书与密钥均为服务商的 (number of the service provider; WXPAY_MCHID and WXPAY_APPID are then the sub-merchant, certificate and keys the provider’s)',
  WXPAY_SP_APPID: '服务商模式：服务商自己的 AppID，wx 开头 (appid of the service provider, wx…)',
  WXPAY_SERIAL_NO:
    '商户 API 证书序列号，见「账户中心-API 安全」(serial of the merchant certificate)',
  WXPAY_PRIVATE_KEY:
    '商户私钥 apiclient_key.pem：PEM、\\n 单行 PEM 或 base64 (merchant private key)',
  WXPAY_SERIAL_NO_NEXT:
    '换证时新证书的序列号，旧证书失效后自动启用 (serial of the next certificate, used once the first is refused)',
  WXPAY_PRIVATE_KEY_NEXT: '换证时新证书的私钥 (private key of the next certificate)',
  WXPAY_API_V3_KEY: 'APIv3 密钥，32 个字符，见「API 安全」(APIv3 key, 32 characters)',
  WXPAY_API_V2_KEY:
    'APIv2 密钥，32 个字符，见「API 安全」；设置后，商户平台里的退款会被自动发现 (APIv2 key, 32 characters; with it refunds of the merchant console are found by themselves)',
  WXPAY_PUBLIC_KEY_ID: '微信支付公钥 ID，PUB_KEY_ID_ 开头 (WeChat Pay public key id)',
  WXPAY_PUBLIC_KEY: '微信支付公钥 pub_key.pem (WeChat Pay public key)',
  WXPAY_PLATFORM_CERT:
    '平台证书 PEM，可多份，仅旧商户；与公钥都不填则自动下载 (platform certificates, older merchants only; downloaded when neither they nor the public key are set)',
  WXPAY_NOTIFY_URL:
    '支付通知地址，https、外网可访问、无参数、255 字内 (public https address of payCallback)',
  WXPAY_REFUND_NOTIFY_URL:
    '退款通知地址，默认与支付通知同域名的 /refund/notify (address of refundCallback; by default /refund/notify beside WXPAY_NOTIFY_URL)',
  WXPAY_API_URL:
    '接口地址，只能是 https://api.mch.weixin.qq.com（默认）或 https://api2.mch.weixin.qq.com；本机的 http 地址仅用于本地云 (one of these two hosts; http on loopback for the local cloud alone)',
  WXPAY_ORDER_TTL:
    '订单有效期，ISO 8601，1 分钟到 15 天，默认 PT30M (how long an order may be paid)',
  WXPAY_CLOSE_MIN_AGE: '关单最小等待，ISO 8601，最多 1 天，默认随链路 (minimum age before a close)',
  WXPAY_CHECK_CONCURRENCY:
    '定时关单每个实例同时处理的订单数，1 到 100，默认 20 (orders that each worker of the timer checks at once)',
  WXPAY_ORDER_LIMITS:
    '每位付款人每分钟下单数/未支付订单数，各 1 到 999，默认 10/10 (orders that a payer may begin in a minute / have unpaid at a time)',
  WXPAY_SERVICE_KEY: '服务端调用密钥，至少 32 个字符 (key of signed service calls)',
  WXPAY_SERVICE_KEY_NEXT:
    '更换服务端调用密钥时的新密钥，两者同时有效 (the next key of signed service calls; both are good)',
  WXPAY_ADMIN_OPENIDS: '管理员 openid，逗号分隔 (openids of admins, by comma)',
  WXPAY_EVENTS_KEY:
    '通知与询价的签名密钥：whsec_ 加 24 至 64 字节的 base64；换密钥时两个，逗号分隔，新的在前 (key that signs events and quotes: whsec_ and the base64 of 24 to 64 bytes; two by comma while it is replaced, the newest first)',
  WXPAY_FULFIL_FUNCTION: '履约函数名，默认 fulfilOrder (name of the function that fulfils)',
  WXPAY_EVENTS_URL:
    '另一个接收通知的地址，https、公网可访问；不设则只通知履约函数 (a public https address that events are posted to as well)',
  WXPAY_QUOTE_FUNCTION: '询价函数名，默认 quoteOrder (name of the function that quotes)',
  WXPAY_PRICE_SOURCE:
    '价格来源：service（默认，服务端签名调用）、quote（询价函数，需 WXPAY_EVENTS_KEY）或 client（仅供迁移）(who names the price: signed service calls, your quote function, or the client for moving over)',
} as const;

export type EnvironmentKey = keyof typeof environment;

/** The keys that the direct link needs; with cloud pay all of them may be absent, or none. */
export const directKeys = [
  'WXPAY_SERIAL_NO',
  'WXPAY_PRIVATE_KEY',
  'WXPAY_API_V3_KEY',
  'WXPAY_NOTIFY_URL',
] as const satisfies readonly EnvironmentKey[];

/**
 * Tells whether these settings are meant to reach WeChat Pay directly, for new orders or for old ones. An
 * address alone means nothing: it stays behind when the keys are taken away.
 */
export function hasDirectLink(env: Readonly<Record<string, string | undefined>>): boolean {
  const hasKeys = directKeys.some((key) => key !== 'WXPAY_NOTIFY_URL' && env[key]);
  return env.WXPAY_LINK !== 'cloudPay' || hasKeys;
}

const who = ['WXPAY_SERVICE_KEY', 'WXPAY_SERVICE_KEY_NEXT', 'WXPAY_ADMIN_OPENIDS'] as const;
const link = [
  'WXPAY_LINK',
  'WXPAY_MCHID',
  'WXPAY_APPID',
  'WXPAY_SP_MCHID',
  'WXPAY_SP_APPID',
  'WXPAY_SERIAL_NO',
  'WXPAY_PRIVATE_KEY',
  'WXPAY_SERIAL_NO_NEXT',
  'WXPAY_PRIVATE_KEY_NEXT',
  'WXPAY_API_V3_KEY',
  'WXPAY_PUBLIC_KEY_ID',
  'WXPAY_PUBLIC_KEY',
  'WXPAY_PLATFORM_CERT',
  'WXPAY_NOTIFY_URL',
  'WXPAY_API_URL',
] as const;

const quotes = ['WXPAY_EVENTS_KEY', 'WXPAY_QUOTE_FUNCTION'] as const;

/** Who writes events starts their delivery, by a call that this key signs. */
const telling = ['WXPAY_EVENTS_KEY'] as const;

/** Lists the keys that each function reads; the deploy gives it no other. */
export const environmentKeys: Record<FunctionName, readonly EnvironmentKey[]> = {
  unifiedOrder: [
    ...link,
    ...who,
    'WXPAY_ORDER_TTL',
    'WXPAY_CLOSE_MIN_AGE',
    'WXPAY_ORDER_LIMITS',
    'WXPAY_PRICE_SOURCE',
    ...quotes,
  ],
  queryOrder: [...link, ...who, ...telling],
  closeOrder: [...link, ...who, ...telling, 'WXPAY_CLOSE_MIN_AGE'],
  refund: [...link, ...who, ...telling, 'WXPAY_REFUND_NOTIFY_URL'],
  queryRefund: [...link, ...who, ...telling],
  listAttention: ['WXPAY_LINK', 'WXPAY_MCHID', 'WXPAY_APPID', ...who],
  decideOrder: [...link, ...who, ...telling, 'WXPAY_REFUND_NOTIFY_URL'],
  downloadBill: [...link, ...who],
  payCallback: [...link, ...telling],
  refundCallback: [...link, ...telling, 'WXPAY_API_V2_KEY'],
  closeStaleOrders: [...link, ...telling, 'WXPAY_CLOSE_MIN_AGE', 'WXPAY_CHECK_CONCURRENCY'],
  deliverEvents: [
    'WXPAY_MCHID',
    'WXPAY_APPID',
    'WXPAY_API_URL',
    ...who,
    ...telling,
    'WXPAY_FULFIL_FUNCTION',
    'WXPAY_EVENTS_URL',
  ],
};

/** Lists the keys that the samples get; whatever else their own code reads, `serverless.yml` may set beside them. */
export const sampleKeys: Record<SampleName, readonly EnvironmentKey[]> = {
  quoteOrder: ['WXPAY_EVENTS_KEY'],
  fulfilOrder: ['WXPAY_EVENTS_KEY'],
};
