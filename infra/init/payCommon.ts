/**
 * Settings of CloudBase's pay-common, by which its merchants move over: which are ours, and what becomes of the
 * others. Each has two names, the function's own and that of its template. Source: `pay-common`.
 */
import type { EnvironmentKey } from '../../shared/contract/environment.ts';

const TAKEN: Readonly<Record<string, EnvironmentKey>> = {
  appId: 'WXPAY_APPID',
  WX_APP_ID: 'WXPAY_APPID',
  merchantId: 'WXPAY_MCHID',
  MCH_ID: 'WXPAY_MCHID',
  merchantSerialNumber: 'WXPAY_SERIAL_NO',
  MCH_SERIAL_NO: 'WXPAY_SERIAL_NO',
  privateKey: 'WXPAY_PRIVATE_KEY',
  PRIVATE_KEY: 'WXPAY_PRIVATE_KEY',
  apiV3Key: 'WXPAY_API_V3_KEY',
  API_V3_KEY: 'WXPAY_API_V3_KEY',
  wxPayPublicKey: 'WXPAY_PUBLIC_KEY',
  WX_PAY_PUBLIC_KEY: 'WXPAY_PUBLIC_KEY',
  wxPayPublicKeyId: 'WXPAY_PUBLIC_KEY_ID',
  WX_PAY_PUBLIC_KEY_ID: 'WXPAY_PUBLIC_KEY_ID',
};

const SIGN_MODE =
  '通知由微信支付直接发来，用 WXPAY_API_V3_KEY 解密，不经集成中心；旧订单仍经它通知旧函数，结束之前两者都保留 (notifications come from WeChat Pay itself; orders of before still go through the Integration Center to the old function: keep both until they have ended)';
const PAY_ADDRESS =
  '这是旧函数的地址，旧订单结束之前请保留它；本项目的 WXPAY_NOTIFY_URL 由 npm run doctor 给出 (the old function’s: keep it until its orders have ended; npm run doctor tells ours)';
const REFUND_ADDRESS =
  '这是旧函数的地址，请保留到旧退款结束；本项目的退款通知地址随 WXPAY_NOTIFY_URL 而定 (the old function’s: keep it until its refunds have ended; ours follows WXPAY_NOTIFY_URL)';
const TRANSFER =
  '本项目没有商家转账，仍用旧函数 (there are no transfers here: keep the old function for them)';
const SERVICE_ACCOUNT =
  '本项目只做小程序支付，服务号里的支付仍用旧函数 (payments of mini programs alone: keep the old function for those of the official account)';
const ORIGINS =
  '本项目不直接应答网页，网页由云开发 SDK 调用 (no function here answers pages of the web by itself)';

/** Says what to do about each setting that has no use here. */
const LEFT: Readonly<Record<string, string>> = {
  signMode: SIGN_MODE,
  SIGN_MODE,
  notifyURLPayURL: PAY_ADDRESS,
  NOTIFY_PAY_URL: PAY_ADDRESS,
  notifyURLRefundsURL: REFUND_ADDRESS,
  NOTIFY_REFUNDS_URL: REFUND_ADDRESS,
  transferNotifyUrl: TRANSFER,
  NOTIFY_TRANSFER_URL: TRANSFER,
  service_app_id: SERVICE_ACCOUNT,
  corsAllowOrigin: ORIGINS,
  CORS_ALLOW_ORIGIN: ORIGINS,
  verifyMode: '无需设置：填了公钥即用公钥验签 (needless: where there is a public key, it verifies)',
  PORT: '云函数不监听端口 (a function listens on no port)',
};

/** The settings of a file in our names. */
export interface Renamed {
  answers: Record<string, string>;
  /** The name that the file has for one of ours, where it is another. */
  names: Readonly<Partial<Record<string, string>>>;
  /** The settings that say different things of the same. */
  faults: string[];
  /** Says what was taken and what was not, for a person; empty where nothing is of pay-common. */
  report: string;
}

/** Tells settings of pay-common from those of another function: its merchant number is one of them. */
export function isOfPayCommon(settings: Readonly<Record<string, string>>): boolean {
  return Object.entries(settings).some(
    ([key, value]) => TAKEN[key] === 'WXPAY_MCHID' && value !== '',
  );
}

/** Gives the settings of pay-common in a file our names; all others stay as they are. */
export function renameSettings(file: Readonly<Record<string, string>>): Renamed {
  const set = Object.entries(file).filter(([, value]) => value !== '');
  const taken = set.flatMap(([key, value]) => {
    const ours = Object.hasOwn(TAKEN, key) ? TAKEN[key] : undefined;
    return ours ? [{ key, value, ours }] : [];
  });
  const left = set.filter(([key]) => Object.hasOwn(LEFT, key));
  const others = set.filter(([key]) => !Object.hasOwn(TAKEN, key) && !Object.hasOwn(LEFT, key));
  return {
    answers: Object.fromEntries([
      ...taken.map(({ ours, value }) => [ours, value] as const),
      ...others,
    ]),
    names: Object.fromEntries(taken.map(({ key, ours }) => [ours, key])),
    faults: faultsOf(taken, file),
    // Who signs by himself does so here too.
    report: reportOf(
      taken,
      left.filter(([, value]) => value !== 'sdk').map(([key]) => key),
    ),
  };
}

/** A setting that has a name of ours. */
interface Taken {
  key: string;
  value: string;
  ours: EnvironmentKey;
}

function faultsOf(taken: readonly Taken[], file: Readonly<Record<string, string>>): string[] {
  return taken.flatMap(({ key, value, ours }, index) => {
    const earlier = taken.slice(0, index).find((one) => one.ours === ours);
    const other = earlier ?? { key: ours, value: file[ours] || value };
    if (other.value === value) return [];
    return [`${other.key}、${key}: 都是 ${ours}，值却不同 (both are ${ours}, and differ)`];
  });
}

function reportOf(taken: readonly Taken[], left: readonly string[]): string {
  const blocks = [
    {
      title: '来自 pay-common (from pay-common)',
      lines: taken.map(({ key, ours }) => `${key} → ${ours}`),
    },
    { title: '没有用到 (of no use here)', lines: left.map((key) => `${key}: ${LEFT[key]}`) },
  ];
  return blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('');
}
