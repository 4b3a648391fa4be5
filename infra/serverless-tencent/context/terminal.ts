import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
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

/** Finds the log of the framework that runs; a successor may have none of that name. */
function frameworkLog(): { notice: Notice } | undefined {
  try {
    const requireOfFramework = createRequire(realpathSync(process.argv[1] ?? ''));
    return (requireOfFramework('@serverless/utils/log') as { log: { notice: Notice } }).log;
  } catch {
    return undefined;
  }
}

type Notice = (...texts: unknown[]) => void;
