import type { FunctionName, SampleName } from '../../../shared/contract/callers.ts';
import { functionMeanings, sampleMeanings } from '../../../shared/contract/meanings/functions.ts';
import type { DeployedFunctionView } from '../api/deployed/functions.ts';
import type { ControlDeps, DeployedCode } from '../deps.ts';
import type { CallCount } from './callCounts.ts';
import { settingsOf } from './settings.ts';

type DescribeDeps = Pick<ControlDeps, 'deployed' | 'runner' | 'isReadableKey'>;

/** Describes what is deployed; of a secret it says only that it is set. */
export function describeDeployed(
  { deployed, runner, isReadableKey }: DescribeDeps,
  countOf: (name: string) => CallCount,
): DeployedFunctionView[] {
  const running = runner.functions();
  const instances = runner.instances();
  const all = deployed().map((code): DeployedFunctionView => {
    const { name, environment = {} } = code;
    const runs = running.find((each) => each.name === name);
    return {
      ...factsOf(code),
      ...meaningOf(name),
      timers: (runs?.timers ?? []).map(({ name: timer, cron }) => ({ name: timer, cron })),
      routes: (runs?.routes ?? []).map(({ path }) => path),
      settings: settingsOf(name, environment, isReadableKey),
      instances: instances
        .filter((each) => each.name === name)
        .map(({ pid, busy, invocations }) => ({ pid, isBusy: busy, invocations })),
      ...countOf(name),
    };
  });
  return all.sort((a, b) => orderOf(a.name) - orderOf(b.name));
}

function factsOf({ environment: _, modifiedMs, codeBytes, ...code }: DeployedCode) {
  return { ...code, zipBytes: codeBytes, deployedAt: new Date(modifiedMs).toISOString() };
}

function meaningOf(name: string) {
  const hasContract = Object.hasOwn(functionMeanings, name);
  if (hasContract) return { ...functionMeanings[name as FunctionName], hasContract };
  const isSample = Object.hasOwn(sampleMeanings, name);
  return isSample ? { ...sampleMeanings[name as SampleName], hasContract } : { hasContract };
}

const NAMES = [functionMeanings, sampleMeanings].flatMap((names) => Object.keys(names));

/** Ours stand in the order of the contracts, the merchant's own after them. */
function orderOf(name: string): number {
  const at = NAMES.indexOf(name);
  return at < 0 ? NAMES.length : at;
}
