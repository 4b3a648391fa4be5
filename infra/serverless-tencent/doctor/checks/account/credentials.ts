import type { Facts } from '../../facts/facts.ts';
import { broken, type Finding, ok, unknown } from '../../findings/finding.ts';

const CONSOLE =
  '控制台「访问管理-API 密钥管理」创建后写入 .env：TENCENTCLOUD_SECRET_ID、TENCENTCLOUD_SECRET_KEY ' +
  '(create a key pair in the console and put it into .env)';

/** The cloud's refusals of a key pair, by the beginning of their code. */
const REFUSALS: readonly [start: string, what: string, fix: string][] = [
  [
    'AuthFailure.SecretIdNotFound',
    '密钥不存在或已停用 (the SecretId is not known, or off)',
    CONSOLE,
  ],
  [
    'AuthFailure.SignatureFailure',
    'SecretKey 与 SecretId 不是一对 (the SecretKey is not that of the SecretId)',
    CONSOLE,
  ],
  [
    'AuthFailure.TokenFailure',
    '临时密钥的 token 有误或过期 (the token of temporary credentials is wrong or expired)',
    '重新获取临时密钥，或去掉 TENCENTCLOUD_SESSION_TOKEN (get new ones, or unset the token)',
  ],
  [
    'UnauthorizedOperation',
    '子账号缺少权限 (the sub-account may not do this)',
    '授予 QcloudSCFFullAccess 与 QcloudTCBFullAccess (grant it these policies)',
  ],
  ['AuthFailure', '腾讯云不接受该密钥 (the key pair is not accepted)', CONSOLE],
];

/** Checks that this shell has a key pair and the cloud accepts it. */
export function checkCredentials({ access, environment }: Facts): Finding[] {
  if (access.kind === 'unknown') {
    return [
      broken('credentials.present', `密钥不可用 (no usable key pair): ${access.reason}`, CONSOLE),
    ];
  }
  const cloud = access.value.isLocal ? '本地云 (local cloud)' : '腾讯云 (Tencent Cloud)';
  return [
    ok('credentials.present', `访问密钥已设置 (key pair set), ${cloud}`),
    checkAcceptance(environment),
  ];
}

function checkAcceptance(environment: Facts['environment']): Finding {
  const check = 'credentials.accepted';
  if (environment.kind === 'known') return ok(check, '访问密钥有效 (key pair accepted)');
  const { code = '', reason } = environment;
  // The signature was not looked at; the clock is another check's.
  const isClock = code === 'AuthFailure.SignatureExpire';
  const refusal = REFUSALS.find(([start]) => !isClock && code.startsWith(start));
  if (!refusal) return unknown(check, `无法确认密钥是否有效 (cannot be confirmed): ${reason}`);
  return broken(check, `${refusal[1]}: ${code}`, refusal[2]);
}
