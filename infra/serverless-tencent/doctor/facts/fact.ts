import { type Finding, unknown } from '../findings/finding.ts';

/** A value that was read, or the reason why it could not be. */
export type Fact<T> =
  | { kind: 'known'; value: T }
  | { kind: 'unknown'; reason: string; code?: string; fix?: string };

/** Makes a fact of a value that was read. */
export function known<T>(value: T): Fact<T> {
  return { kind: 'known', value };
}

/** Makes a fact of something that was not read; `fix` says what to do to have it read. */
export function notRead(reason: string, fix?: string): Fact<never> {
  return { kind: 'unknown', reason, ...(fix === undefined ? {} : { fix }) };
}

/**
 * Reads something; a failure becomes the reason why it is not known, with the error's own `code`.
 */
export async function readFact<T>(read: () => T | Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return {
      kind: 'unknown',
      reason: String(message ?? error).replace(/\s*\n\s*/g, ' '),
      ...(typeof code === 'string' ? { code } : {}),
    };
  }
}

/** Reads something that needs another fact; where that one is unknown, its reason is passed on. */
export async function readFactFrom<A, T>(
  from: Fact<A>,
  read: (value: A) => T | Promise<T>,
): Promise<Fact<T>> {
  return from.kind === 'known' ? readFact(() => read(from.value)) : from;
}

/** Makes findings of a known fact; an unknown one becomes one `unknown` finding with its reason. */
export function findingsFrom<T>(
  fact: Fact<T> | undefined,
  check: string,
  findingsOf: (value: T) => Finding[],
): Finding[] {
  if (fact?.kind === 'known') return findingsOf(fact.value);
  return [
    unknown(check, `未检查 (not checked): ${fact?.reason ?? '没有读取 (not read)'}`, fact?.fix),
  ];
}
