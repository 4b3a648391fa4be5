import type { Method } from './render.ts';

/** The end of the engine's process. */
export interface ProcessEnd {
  /** Null where it was killed. */
  exitCode: number | null;
  /** The reason why this side ended it, if it did. */
  stopped?: 'interrupted' | 'login';
}

/** The engine's own verbs; of a removal it prints the number alone. */
const METHOD_VERBS: Record<Method, string> = { deploy: '部署', remove: '移除' };

/** The engine failed, or cannot be shown to have succeeded. */
export class ComponentsError extends Error {
  override readonly name = 'ComponentsError';
  readonly code = 'COMPONENTS_FAILED';
  readonly exitCode: number | null;
  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Signs of known failures in the output, and what to do. */
const HINTS: readonly [sign: RegExp, advice: string][] = [
  [
    /bindRole\.js/,
    '角色绑定服务（已停用的 API 网关）返回了非 JSON 内容，引擎因此崩溃，无法绕过；改用 engine: api ' +
      '(the role-bind host, on a retired gateway, did not answer JSON, which crashes the engine; use engine: api)',
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    '无法连接该平台：检查网络与代理 (the platform cannot be reached: check network and proxy)',
  ],
  [/ECONNREFUSED/, '无法连接：检查 HTTPS_PROXY (nothing answers there: check HTTPS_PROXY)'],
  [
    /signature|SecretId/i,
    '检查 TENCENTCLOUD_SECRET_ID 与 TENCENTCLOUD_SECRET_KEY (check the API key pair)',
  ],
];

const STOP_REASONS = {
  interrupted: '被中断，平台可能仍在执行 (interrupted; the platform may still be at work)',
  login:
    '密钥已过期，引擎要求扫码登录，已终止：换新的 TENCENTCLOUD_SESSION_TOKEN ' +
    '(the temporary key pair has expired and the engine asked for a login by QR code: get a new one)',
} as const;

/**
 * Finds the failure of a run by its exit code and its output (plain lines); undefined: it succeeded
 * as far as can be known. The exit code alone is not believed: the engine leaves with 0 when the
 * account's role is missing, and when it fails before its own error handling.
 */
export function failureOf(
  method: Method,
  names: readonly string[],
  { exitCode, stopped }: ProcessEnd,
  lines: readonly string[],
): ComponentsError | undefined {
  const hasOutput = (text: string) => lines.some((line) => line.includes(text));
  const isDone = hasOutput(`已成功${METHOD_VERBS[method]}组件${names.length}个`);
  if (exitCode === 0 && stopped === undefined && isDone) return undefined;
  const done = method === 'deploy' ? names.filter((name) => hasOutput(`${name} 部署成功:`)) : [];
  const unconfirmed = names.filter((name) => !done.includes(name));
  const matchingHints = HINTS.filter(([sign]) => lines.some((line) => sign.test(line)));
  const parts = [
    `@serverless/components ${method} 失败，退出码 ${exitCode ?? '无，被终止 (none, killed)'} (failed, exit code ${exitCode})`,
    ...(stopped ? [STOP_REASONS[stopped]] : []),
    ...(exitCode === 0 && !stopped
      ? ['退出码是 0，但平台没有确认全部函数 (it left with 0, but did not confirm every function)']
      : []),
    ...(done.length > 0 ? [`已完成 (done): ${done.join(', ')}`] : []),
    ...(unconfirmed.length > 0 ? [`未确认 (not confirmed): ${unconfirmed.join(', ')}`] : []),
    ...matchingHints.map(([, hint]) => hint),
  ];
  return new ComponentsError(parts.join('\n  '), exitCode);
}
