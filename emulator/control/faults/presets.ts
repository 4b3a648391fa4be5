import type { Fault } from '../../world/faults.ts';

/** A sentence in both languages. */
interface Words {
  zh: string;
  en: string;
}

/** A day on which things go wrong together: what it does to money, and what one should see. */
export interface Preset {
  name: string;
  title: Words;
  money: Words;
  sight: Words;
  faults: Fault[];
  /** The functions trust WeChat's certificates instead of its public key, and WeChat changes to a new one. */
  rotates?: true;
}

/** Lists the presets; the console and scripts have no other. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'callbacksLost',
    title: { zh: '回调全丢', en: 'Every callback lost' },
    money: {
      zh: '付款与退款照常到账，通知一条也到不了。',
      en: 'Payments and refunds go through; not one notification arrives.',
    },
    sight: {
      zh: '付款人查单时立即确认；没有人查，定时器在几分钟内查到。订单写着由查询确认。',
      en: 'A payer’s query confirms at once; where nobody asks, the timer does within minutes. The order says that a query confirmed it.',
    },
    faults: [
      { at: 'wechatpay.notify', kind: 'lost_request' },
      { at: 'wechatpay.refundNotify', kind: 'lost_request' },
    ],
  },
  {
    name: 'jitter',
    title: { zh: '机房抖动', en: 'A shaky data centre' },
    money: {
      zh: '有的请求没有到达，有的已生效而应答丢失；钱只动一次。',
      en: 'Some requests never arrive, others act and their answer is lost; money moves once.',
    },
    sight: {
      zh: '时快时慢，有的调用要重试；同一单号重试，仍只有一笔。',
      en: 'Fast and slow by turns, some calls need another try; the same number tried again stays one order.',
    },
    faults: [
      ...['wechatpay.jsapi', 'wechatpay.query', 'wechatpay.refund'].flatMap((at): Fault[] => [
        { at, kind: 'lost_request', probability: 0.1 },
        { at, kind: 'lost_answer', probability: 0.1 },
        { at, kind: 'slow', delayMs: 400, probability: 0.3 },
      ]),
      { at: 'wechatpay.notify', kind: 'lost_answer', probability: 0.3 },
      { at: 'cloudbase.getDocument', kind: 'slow', delayMs: 150, probability: 0.2 },
      { at: 'cloudbase.modifyDocument', kind: 'lost_request', probability: 0.05 },
      { at: 'cloudbase.modifyDocument', kind: 'lost_answer', probability: 0.05 },
    ],
  },
  {
    name: 'doubleEleven',
    title: { zh: '双十一', en: 'Double Eleven' },
    money: {
      zh: '微信限流，数据库变慢，回调迟到且重复；付得慢，不会多付。',
      en: 'WeChat Pay limits calls, the database is slow, callbacks come late and twice; paying is slower, never double.',
    },
    sight: {
      zh: '下单时而被要求重试，重试即成功；回调来两次，只履约一次。',
      en: 'An order is now and then asked to try again, and succeeds then; a callback comes twice and is fulfilled once.',
    },
    faults: [
      { at: 'wechatpay.jsapi', kind: 'throttled', probability: 0.3 },
      { at: 'wechatpay.jsapi', kind: 'slow', delayMs: 600 },
      { at: 'wechatpay.query', kind: 'throttled', probability: 0.3 },
      { at: 'wechatpay.refund', kind: 'throttled', probability: 0.3 },
      { at: 'wechatpay.notify', kind: 'duplicate', probability: 0.5 },
      { at: 'wechatpay.notify', kind: 'slow', delayMs: 1000 },
      { at: 'cloudbase.modifyDocument', kind: 'throttled', probability: 0.1 },
      { at: 'cloudbase.getDocument', kind: 'slow', delayMs: 60 },
    ],
  },
  {
    name: 'databaseTimeout',
    title: { zh: '数据库超时后其实成功', en: 'The database timed out, and had succeeded' },
    money: {
      zh: '接下来的两次插入与两次修改都已生效，应答却丢失；不会多下一单，也不会记两次。',
      en: 'The next two inserts and two changes take effect and their answers are lost; nothing is ordered or booked twice.',
    },
    sight: {
      zh: '函数读回自己写的再继续：照常下单、付款，只履约一次。',
      en: 'The functions read back what they wrote and go on: ordered and paid as ever, fulfilled once.',
    },
    faults: [
      { at: 'cloudbase.insertDocument', kind: 'lost_answer', times: 2 },
      { at: 'cloudbase.modifyDocument', kind: 'lost_answer', times: 2 },
    ],
  },
  {
    name: 'certificateRotation',
    title: { zh: '证书轮换', en: 'The certificate is renewed' },
    money: {
      zh: '没有影响：新旧证书签的应答与通知都被接受。',
      en: 'None: answers and notifications are taken, whichever of the two certificates signed them.',
    },
    sight: {
      zh: '函数改为信任平台证书，微信换上新证书；遇到新序列号先下载证书再验签，旧证书一天后失效。关闭后改回公钥。',
      en: 'The functions trust platform certificates, and WeChat signs with a new one: its serial is met, the certificate downloaded, the signature verified; the old one ends after a day. Off, they have the public key again.',
    },
    faults: [],
    rotates: true,
  },
];
