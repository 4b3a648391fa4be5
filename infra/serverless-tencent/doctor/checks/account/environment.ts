import { findingsFrom } from '../../facts/fact.ts';
import type { EnvironmentFacts, Facts } from '../../facts/facts.ts';
import { broken, type Finding, listText, ok } from '../../findings/finding.ts';

/**
 * Checks that the environment exists under its whole id, in the region meant, with a database that
 * runs.
 */
export function checkEnvironment({ environment, service }: Facts): Finding[] {
  return findingsFrom(environment, 'environment.exists', (value) => {
    if (value.kind === 'missing') return [reportMissing(service.envId, value.others)];
    return [
      ok('environment.exists', `环境存在 (the environment is there): ${service.envId}`),
      checkStatus(value.environment),
      checkRegion(value.environment, service.region),
      checkDatabase(value.environment),
    ];
  });
}

function reportMissing(envId: string, others: readonly string[]): Finding {
  // An alias without its random tail is the usual slip.
  const similar = others.filter((other) => other.startsWith(`${envId}-`));
  const candidates = similar.length > 0 ? similar : others;
  return broken(
    'environment.exists',
    envId === '' ? '未设置环境 ID (no environment id)' : `没有环境 ${envId} (no such environment)`,
    candidates.length > 0
      ? `TCB_ENV_ID 应为完整的环境 ID，例如 (the whole id is needed, such as): ${listText(candidates)}`
      : '检查 TCB_ENV_ID、密钥所属账号与 provider.region (check the id, whose key pair it is, and the region)',
  );
}

function checkStatus({ status: actual }: EnvironmentFacts): Finding {
  if (actual === 'NORMAL') return ok('environment.status', '环境正常 (the environment is NORMAL)');
  return broken(
    'environment.status',
    `环境不可用 (not usable): ${actual}`,
    '在云开发控制台查看：初始化未完成、欠费或套餐到期 (see the console: not initialised, unpaid, or expired)',
  );
}

function checkRegion({ region: actual }: EnvironmentFacts, desired: string): Finding {
  if (actual === desired) return ok('environment.region', `地域 (region): ${desired}`);
  return broken(
    'environment.region',
    `环境在 ${actual || '未知地域 (an unknown region)'}，serverless.yml 写的是 ${desired} (the environment is in another region)`,
    `TCB_REGION=${actual}，即 provider.region (set it)`,
  );
}

function checkDatabase({ database: { status: actual } }: EnvironmentFacts): Finding {
  if (actual === 'RUNNING')
    return ok('environment.database', '文档型数据库运行中 (database RUNNING)');
  return broken(
    'environment.database',
    `文档型数据库不可用 (the database is not usable): ${actual || '没有 (none)'}`,
    '在云开发控制台「文档型数据库」开通，INITIALIZING 时稍候 (turn it on in the console; wait while INITIALIZING)',
  );
}
