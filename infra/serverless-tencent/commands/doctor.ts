import type { CommandContext } from '../context/framework.ts';
import { runChecks } from '../doctor/checks.ts';
import { gatherFacts } from '../doctor/facts/gather.ts';
import { reportOf } from '../doctor/findings/report.ts';

/**
 * Runs `serverless doctor [--json] [--merchant-cert FILE]`: checks everything that a payment
 * depends on, before and after a deploy, and says what to do. Writes nothing; throws, after
 * printing, when something is broken.
 */
export async function runDoctor(context: CommandContext, gather = gatherFacts): Promise<void> {
  const findings = runChecks(await gather(context));
  const isJson = context.options.json === true;
  context.utils.writeText(isJson ? JSON.stringify(findings, null, 2) : reportOf(findings));
  const broken = findings.filter(({ level }) => level === 'broken').map(({ check }) => check);
  if (broken.length === 0) return;
  const names = [...new Set(broken)].join(', ');
  throw new Error(`诊断发现 ${broken.length} 处错误 (things that are broken): ${names}`);
}
