import type { FailureCode } from '../../shared/gateway/failure.ts';
import type { Bilingual } from './errorRows.ts';

/** Tells why each failure on our side of a link comes about; total. */
export const failureCauses: Record<FailureCode, Bilingual> = {
  WECHAT_UNREACHABLE: {
    zh: '出网受限、DNS 失败、连接被拒绝',
    en: 'no way out of the network, DNS, a refused connection',
  },
  ANSWER_LOST: {
    zh: '请求已发出后超时或断线',
    en: 'a time-out or a broken connection after the request was sent',
  },
  ANSWER_TOO_LARGE: {
    zh: '代理或地址错误，应答不是微信支付的',
    en: 'a proxy or a wrong address answered in WeChat Pay’s place',
  },
  ANSWER_UNVERIFIED: {
    zh: '公钥与公钥 ID 不成对、平台证书已换、应答被篡改，或微信的签名探测',
    en: 'public key and id do not belong together, a replaced certificate, a changed answer, or a signature probe of WeChat',
  },
  ANSWER_MALFORMED: {
    zh: '代理改写了应答，或微信新增了格式',
    en: 'a proxy rewrote the answer, or WeChat has a new form',
  },
  MERCHANT_NOT_CONFIGURED: {
    zh: '换了商户号或服务商，旧订单还在',
    en: 'the merchant number or provider was changed while older orders remain',
  },
  LINK_NOT_CONFIGURED: {
    zh: '改了 `WXPAY_LINK` 而去掉了旧链路的配置，旧订单还在',
    en: '`WXPAY_LINK` was changed and the settings of the older link taken away while orders of it remain',
  },
  API_V3_KEY_WRONG: {
    zh: '在商户平台重置了 APIv3 密钥而没有重新部署',
    en: 'the APIv3 key was reset in the console and not deployed',
  },
  PLATFORM_CERT_NONE: {
    zh: '2024 年 11 月以后的新商户使用公钥，除非在商户平台切换回平台证书',
    en: 'merchants since November 2024 have a public key, unless they switched back to certificates in the console',
  },
  CLOUDPAY_TOKEN_MISSING: {
    zh: '服务端调用、普通 SCF 定时器或其他函数转调',
    en: 'a server’s call, a plain SCF timer, or a call relayed by another function',
  },
  CLOUDPAY_REFUSED: {
    zh: '环境未绑定商户号、绑定被解除，或没有云调用权限',
    en: 'the merchant number is not bound, was unbound, or cloud calls are not permitted',
  },
  PROVIDER_NO_FUNDFLOW: {
    zh: '服务商模式下载资金账单',
    en: 'a provider asks for a fund-flow bill',
  },
  CLOUDPAY_NO_FUNDFLOW: {
    zh: '云支付下载资金账单',
    en: 'cloud pay is asked for a fund-flow bill',
  },
  CLOUDPAY_NO_ABNORMAL_REFUND: {
    zh: '云支付订单的异常退款',
    en: 'an abnormal refund on cloud pay',
  },
  CALLS_SPENT: {
    zh: '一次调用内反复失败、反复重试，共 20 次（`WECHAT_CALLS_MAX`）',
    en: 'failures and repeats within one call, 20 requests in all (`WECHAT_CALLS_MAX`)',
  },
  BILL_HASH_MISMATCH: {
    zh: '下载中断或被代理缓存',
    en: 'the download broke off or came from a cache',
  },
};
