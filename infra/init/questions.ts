import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type EnvironmentKey, environment } from '../../shared/contract/environment.ts';
import { serialIn } from '../../shared/contract/settingForms.ts';
import { DEPLOYER_KEYS } from '../serverless-tencent/settings/deployerKeys.ts';
import { readCertificates } from '../serverless-tencent/settings/keys.ts';

/** A setting that `npm run init` asks for. */
export interface Question {
  key: string;
  /** Says what it is and where to get it. Chinese, then English. */
  text: string;
  /** The value where nothing is answered. */
  usual?: () => string;
  /** Left empty without harm. */
  isOptional?: true;
  /** Makes the value of the content of a file, where the answer names one. */
  fromFile?(content: string): string;
  /** Not shown again once it is written. */
  isSecret?: true;
}

/** Takes frame and ends of lines off a key, those that are written `\\n` too. */
const bareBase64 = (pem: string) => pem.replace(/-----[^-]+-----|\\+[rn]|\s/g, '');

function serialOfCertificate(pem: string): string {
  const read = readCertificates(pem);
  if (read.kind === 'fault') throw new Error(read.fault);
  return read.value[0]?.serialNumber ?? '';
}

const secret = (bytes: number) => () => randomBytes(bytes).toString('hex');

const ours = (key: EnvironmentKey, more: Omit<Question, 'key' | 'text'> = {}): Question => ({
  key,
  text: environment[key],
  ...more,
});

const withFile = (name: string, text: string) =>
  `${text}。可直接填文件路径，如 ${name} (a path of the file will do)`;

/** Everything that is asked, in order. */
export const questions: readonly Question[] = [
  {
    key: 'TENCENTCLOUD_SECRET_ID',
    text: '腾讯云 SecretId，AKID 开头，见控制台「访问管理-API 密钥管理」 (id of a Tencent Cloud key pair, AKID…)',
  },
  {
    key: 'TENCENTCLOUD_SECRET_KEY',
    text: '腾讯云 SecretKey，与 SecretId 一对 (its key)',
    isSecret: true,
  },
  {
    key: 'TCB_ENV_ID',
    text: '云开发环境的完整 ID，如 pay-1a2b3c，见云开发控制台「环境概览」 (whole id of the CloudBase environment)',
  },
  { key: 'TCB_REGION', text: '环境的地域 (its region)', usual: () => 'ap-shanghai' },
  ours('WXPAY_LINK', { usual: () => 'apiV3' }),
  ours('WXPAY_MCHID'),
  ours('WXPAY_APPID'),
  {
    key: 'WXPAY_SERIAL_NO',
    text: withFile('apiclient_cert.pem', environment.WXPAY_SERIAL_NO),
    fromFile: serialOfCertificate,
  },
  {
    key: 'WXPAY_PRIVATE_KEY',
    text: withFile('apiclient_key.pem', environment.WXPAY_PRIVATE_KEY),
    fromFile: bareBase64,
    isSecret: true,
  },
  ours('WXPAY_API_V3_KEY', { isSecret: true }),
  ours('WXPAY_PUBLIC_KEY_ID', { isOptional: true }),
  {
    key: 'WXPAY_PUBLIC_KEY',
    text: withFile('pub_key.pem', environment.WXPAY_PUBLIC_KEY),
    fromFile: bareBase64,
    isOptional: true,
  },
  {
    ...ours('WXPAY_NOTIFY_URL', { isOptional: true }),
    text: `${environment.WXPAY_NOTIFY_URL}。不知道就留空，doctor 与第一次部署会告知 (leave it empty: doctor and the first deploy tell it)`,
  },
  ours('WXPAY_SERVICE_KEY', { usual: secret(32), isSecret: true }),
  ours('WXPAY_EVENTS_KEY', {
    usual: () => `whsec_${randomBytes(32).toString('base64')}`,
    isSecret: true,
  }),
];

/** Lists what a file may answer although nobody is asked for it. */
export const unasked: readonly Question[] = [...Object.entries(environment), ...deployerTexts()]
  .filter(([key]) => !questions.some((question) => question.key === key))
  .map(([key, text]) => ({ key, text }));

function deployerTexts(): (readonly [key: string, text: string])[] {
  return DEPLOYER_KEYS.map((key) => [key, '部署者的变量 (a variable of whoever deploys)'] as const);
}

/** Makes the value of an answer: what was typed, or what the file that it names holds. */
export function readValue(question: Question, answer: string, folder: string): string {
  const typed = answer.trim().replace(/^['"](.*)['"]$/, '$1');
  if (question.fromFile && /\.(?:pem|crt|cer|key)$/i.test(typed)) {
    return question.fromFile(readFileSync(resolve(folder, typed), 'utf8'));
  }
  if (question.fromFile && typed.includes('-----BEGIN ')) return question.fromFile(typed);
  return question.key === 'WXPAY_SERIAL_NO' ? serialIn(typed) : typed;
}
