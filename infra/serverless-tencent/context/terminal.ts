import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Framework } from './framework.ts';

const VENDOR = /docs\.serverless\.com|serverless\.com\/framework/;

/**
 * Takes the links of the framework's vendor out of its notices: they know nothing of this provider,
 * and stand above each of our refusals.
 */
export function muteVendorLinks(): void {
  const log = frameworkLog();
  if (!log) return;
  const { notice } = log;
  const muted = new Proxy(notice, {
    apply: (target, self, texts: unknown[]) =>
      texts.some((text) => VENDOR.test(String(text))) ? undefined : target.apply(self, texts),
  });
  Object.defineProperty(log, 'notice', { value: muted, configurable: true });
}

/**
 * Words what the framework's check of `serverless.yml` found as our errors are worded, without the
 * vendor's link: the schema that it checks by is ours.
 */
export function wordSchemaFaults({ configSchemaHandler, classes }: Framework): void {
  configSchemaHandler.handleErrorMessages = (faults) => {
    if (faults.length === 0) return;
    const lines = faults.map((fault) => `  ${fault}`);
    throw new classes.Error(
      `serverless.yml 有误，未作任何改动 (it is not as it should be; nothing was done):\n${lines.join('\n')}`,
      'SERVERLESS_YML',
    );
  };
}

/** Finds the log of the framework that runs. */
function frameworkLog(): { notice: Notice } | undefined {
  return partOfFramework<{ log: { notice: Notice } }>('@serverless/utils/log')?.log;
}

/** Loads a part of the framework, the one that runs; a successor may have none of that name. */
function partOfFramework<T>(
  name: string,
  bin = realpathSync(process.argv[1] ?? ''),
): T | undefined {
  try {
    return createRequire(bin)(name) as T;
  } catch {
    return undefined;
  }
}

/**
 * Lets `serverless doctor` alone, which is the framework's own and prints what the last command
 * left for it, say what to type. It reads no file of the project: in a home where no command has
 * run yet nothing can.
 */
export function leaveDoctorHint(bin?: string): void {
  const file = partOfFramework<string>('../lib/utils/health-status-filename', bin);
  if (typeof file !== 'string') return;
  process.once('exit', () => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        '检查配置与云端请运行 (to check settings and cloud, run): serverless doctor run',
      );
    } catch {
      // A hint is not worth a failure.
    }
  });
}

type Notice = (...texts: unknown[]) => void;
