import type { FunctionSpec } from '../invocation.ts';

/** The Tencent Cloud account that everything local belongs to. */
export const ACCOUNT = { appId: '1250000000', uin: '100000000001' } as const;

/**
 * Lists the plain fields of the context that SCF hands to `main`; there is no `awsRequestId`.
 * `variables` are those of this invocation: as JSON in `environment`, as `k=v;k=v` in `environ`
 * (older stacks).
 */
export function contextFields(
  spec: FunctionSpec,
  requestId: string,
  variables: Record<string, string>,
  deployment: { envId: string; region: string },
): Record<string, unknown> {
  const pairs = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  return {
    memory_limit_in_mb: spec.memoryMb,
    time_limit_in_ms: spec.timeoutMs,
    request_id: requestId,
    environment: JSON.stringify(variables),
    environ: pairs.join(';'),
    function_version: spec.version ?? '$LATEST',
    function_name: spec.name,
    namespace: deployment.envId,
    tencentcloud_region: deployment.region,
    tencentcloud_appid: ACCOUNT.appId,
    tencentcloud_uin: ACCOUNT.uin,
  };
}
