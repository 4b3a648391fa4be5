import type { EnvironmentKey } from '../../../shared/contract/environment.ts';
import { SECRET_BYTES, SERVICE_KEY_LENGTH_MIN } from '../../../shared/contract/settingForms.ts';

/** A mistake that people make with a value: how it shows, and what is wrong. Chinese, then English. */
interface Mistake {
  isMade(value: string): boolean;
  /** Never quotes the value, which may be a key. */
  what: string | ((value: string) => string);
}

const shows = (pattern: RegExp) => (value: string) => pattern.test(value);

const lengthOf = (value: string) => [...value].length;

/** Mistakes of any value. */
const ANYWHERE: readonly Mistake[] = [
  {
    isMade: shows(/^-----BEGIN [A-Z0-9 ]+-----$/),
    what: '只有第一行：.env 里的多行内容须用双引号括起，或写成一行 (only its first line: quote what has several, or write it in one)',
  },
  {
    isMade: shows(/^(?:[~.]{0,2}[\\/]|[A-Za-z]:[\\/]).*|\.(?:pem|p12|pfx|key|cer|crt|txt)$/i),
    what: '填的是文件路径，应为文件的内容 (a file path: its content is wanted)',
  },
  {
    isMade: shows(/^['"‘’“”]|['"‘’“”]$/),
    what: '引号成了值的一部分 (a quotation mark is part of it)',
  },
  { isMade: shows(/[\u3000\uFF01-\uFF5E]/), what: '含全角字符 (full-width characters)' },
  {
    isMade: shows(/…|\.{3}|\*{3}|^[xX]+$|<[^>]*>|your[_-]|示例|替换/i),
    what: '仍是示例里的占位内容 (still the placeholder of the example)',
  },
];

/** Mistakes of values that are one word. */
const IN_A_WORD: readonly Mistake[] = [
  { isMade: shows(/\s/), what: '含空格或换行 (a space or line end in it)' },
  { isMade: shows(/-----BEGIN /), what: '填的是密钥或证书 (a key or certificate stands here)' },
];

const mchid: readonly Mistake[] = [
  { isMade: shows(/^wx/i), what: '填的是 AppID (this is an appid)' },
  { isMade: shows(/\D/), what: '只应有数字 (digits alone)' },
];

const appid: readonly Mistake[] = [
  { isMade: shows(/^gh_/), what: '填的是原始 ID (this is the original id, gh_…)' },
  { isMade: shows(/^\d+$/), what: '填的是商户号 (this is a merchant number)' },
  { isMade: shows(/^WX/), what: 'wx 应为小写 (wx in lower case)' },
];

const serial: readonly Mistake[] = [
  { isMade: shows(/^PUB_KEY_ID/i), what: '填的是微信支付公钥 ID (this is the public key id)' },
  {
    isMade: (value) => !/^PUB_KEY_ID/i.test(value) && /[^0-9a-f:=\s]/i.test(value),
    what: '含十六进制以外的字符 (more than hexadecimal digits)',
  },
  {
    isMade: (value) => value.length > 64 || value.length < 8,
    what: (value) => `现有 ${value.length} 位，通常 40 位 (${value.length} digits, 40 are usual)`,
  },
];

const secret: readonly Mistake[] = [
  {
    isMade: (value) => lengthOf(value) !== SECRET_BYTES,
    what: (value) =>
      `现有 ${lengthOf(value)} 个字符，应为 ${SECRET_BYTES} (${lengthOf(value)} characters, ${SECRET_BYTES} are wanted)`,
  },
  {
    isMade: (value) => Buffer.byteLength(value) !== lengthOf(value),
    what: '只应有字母与数字 (letters and digits alone)',
  },
];

const serviceKey: readonly Mistake[] = [
  {
    isMade: (value) => value.length < SERVICE_KEY_LENGTH_MIN,
    what: (value) =>
      `现有 ${value.length} 个字符，至少 ${SERVICE_KEY_LENGTH_MIN} (${value.length} characters, ${SERVICE_KEY_LENGTH_MIN} or more are wanted)`,
  },
];

const notifyUrl: readonly Mistake[] = [
  { isMade: shows(/^http:/i), what: '应为 https (https is wanted)' },
  { isMade: shows(/^(?!https?:)/i), what: '缺少 https:// (https:// is missing)' },
  { isMade: shows(/[?#]/), what: '不能带参数 (no parameters)' },
  {
    isMade: shows(/^https:\/\/(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.|\[)/i),
    what: '微信支付无法访问本机或内网 (WeChat Pay reaches no private address)',
  },
  { isMade: shows(/^https:\/\/[^/?#]+$/i), what: '缺少路径 (the path is missing)' },
  {
    isMade: (value) => value.length > 255,
    what: (value) => `现有 ${value.length} 字 (${value.length} characters, 255 at most)`,
  },
];

const duration: readonly Mistake[] = [
  {
    isMade: shows(/^\d+$/),
    what: '没有单位，半小时写作 PT30M (no unit: half an hour is PT30M)',
  },
  { isMade: shows(/^\d+ ?[a-z]/i), what: '半小时写作 PT30M (half an hour is PT30M)' },
  { isMade: shows(/^P/), what: '超出范围 (out of range)' },
];

const openids: readonly Mistake[] = [
  { isMade: shows(/[;；，、|]/), what: '应以半角逗号分隔 (by comma)' },
  { isMade: shows(/@/), what: '应为 openid，不是微信号或邮箱 (openids, no addresses)' },
];

const eventsKey: readonly Mistake[] = [
  { isMade: shows(/^(?!whsec_)/), what: '缺少 whsec_ 前缀 (whsec_ is missing)' },
  { isMade: shows(/^whsec_/), what: '太短或不是 base64 (too short, or no base64)' },
];

const publicKeyId: readonly Mistake[] = [
  { isMade: shows(/^\d+$/), what: '缺少 PUB_KEY_ID_ 前缀 (PUB_KEY_ID_ is missing)' },
  { isMade: shows(/^(?=.*[A-F])[0-9A-F]{20,}$/i), what: '填的是证书序列号 (this is a serial)' },
];

/** Writes which of some words is meant, where the case or a letter is wrong. */
const oneOf = (...words: readonly string[]): Mistake => ({
  isMade: () => true,
  what: `应为 ${words.join('、')} 之一 (one of these; upper and lower case count)`,
});

/** The mistakes of each value, beside those of any. */
const BY_KEY: Readonly<Partial<Record<EnvironmentKey, readonly Mistake[]>>> = {
  WXPAY_LINK: [oneOf('apiV3', 'cloudPay')],
  WXPAY_MCHID: mchid,
  WXPAY_SP_MCHID: mchid,
  WXPAY_APPID: appid,
  WXPAY_SP_APPID: appid,
  WXPAY_SERIAL_NO: serial,
  WXPAY_SERIAL_NO_NEXT: serial,
  WXPAY_API_V3_KEY: secret,
  WXPAY_API_V2_KEY: secret,
  WXPAY_PUBLIC_KEY_ID: publicKeyId,
  WXPAY_NOTIFY_URL: notifyUrl,
  WXPAY_REFUND_NOTIFY_URL: notifyUrl,
  WXPAY_ORDER_TTL: duration,
  WXPAY_CLOSE_MIN_AGE: duration,
  WXPAY_SERVICE_KEY: serviceKey,
  WXPAY_SERVICE_KEY_NEXT: serviceKey,
  WXPAY_ADMIN_OPENIDS: openids,
  WXPAY_EVENTS_KEY: eventsKey,
  WXPAY_ORDER_LIMITS: [
    { isMade: shows(/^\d+$/), what: '应为两个数，如 10/10 (two numbers, as 10/10)' },
  ],
  WXPAY_PRICE_SOURCE: [oneOf('service', 'quote', 'client')],
};

/** Keys whose values have several lines or words by right. */
const SEVERAL_WORDS: readonly EnvironmentKey[] = [
  'WXPAY_PRIVATE_KEY',
  'WXPAY_PRIVATE_KEY_NEXT',
  'WXPAY_PUBLIC_KEY',
  'WXPAY_PLATFORM_CERT',
  'WXPAY_ADMIN_OPENIDS',
];

/** Names what is wrong with a value that has not the form it needs; empty: only that it has not. */
export function mistakesIn(key: EnvironmentKey, value: string): string {
  const all = [
    ...ANYWHERE,
    ...(SEVERAL_WORDS.includes(key) ? [] : IN_A_WORD),
    ...(BY_KEY[key] ?? []),
  ];
  return all
    .filter(({ isMade }) => isMade(value))
    .map(({ what }) => (typeof what === 'string' ? what : what(value)))
    .join('，');
}

/** Faults of values that have their form, with which a function would start. */
const DOUBTS: Readonly<Partial<Record<EnvironmentKey, Mistake>>> = {
  WXPAY_APPID: {
    isMade: shows(/^(?!wx[0-9a-f]{16}$)/),
    what: '应为 wx 加 16 位十六进制字符，多为抄错 (wx and 16 hexadecimal digits are wanted: a slip of the pen)',
  },
};

/** Says why a well-formed value cannot be meant; undefined for a good or an empty one. */
export function doubtOf(key: EnvironmentKey, value: string): string | undefined {
  const doubt = DOUBTS[key];
  if (!doubt || value === '' || !doubt.isMade(value)) return undefined;
  return typeof doubt.what === 'string' ? doubt.what : doubt.what(value);
}
