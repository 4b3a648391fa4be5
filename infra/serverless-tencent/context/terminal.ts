import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';

/** Asks the person at the terminal; undefined where nobody sits there. */
export function terminalAsk(): ((question: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      return await Promise.race([lines.question(question), closed]);
    } finally {
      lines.close();
    }
  };
}

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

/** Finds the log of the framework that runs. */
function frameworkLog(): { notice: Notice } | undefined {
  return partOfFramework<{ log: { notice: Notice } }>('@serverless/utils/log')?.log;
}

/** Loads a part of the framework that runs; a successor may have none of that name. */
function partOfFramework<T>(name: string): T | undefined {
  try {
    return createRequire(realpathSync(process.argv[1] ?? ''))(name) as T;
  } catch {
    return undefined;
  }
}

/**
 * Lets `serverless doctor` alone, which is the framework's own and prints what the last command
 * left for it, say what to type.
 */
export function leaveDoctorHint(): void {
  const file = partOfFramework<string>('../lib/utils/health-status-filename');
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
