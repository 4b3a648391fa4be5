import { type Finding, unknown } from '../findings/finding.ts';

/** Something that was read, or the reason why it could not be. */
export type Known<T> =
  | { is: 'known'; value: T }
  | { is: 'unknown'; why: string; code?: string; fix?: string };

/** A value that was read. */
export function known<T>(value: T): Known<T> {
  return { is: 'known', value };
}

/** Something that was not read, and what to do to have it read. */
export function notRead(why: string, fix?: string): Known<never> {
  return { is: 'unknown', why, ...(fix === undefined ? {} : { fix }) };
}

/** Reads something; a failure becomes the reason why it is not known, with the error's own `code`. */
export async function learn<T>(read: () => T | Promise<T>): Promise<Known<T>> {
  try {
    return known(await read());
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return {
      is: 'unknown',
      why: String(message ?? error).replace(/\s*\n\s*/g, ' '),
      ...(typeof code === 'string' ? { code } : {}),
    };
  }
}

/** Reads something that hangs on another thing; that one's reason is passed on. */
export async function learnFrom<A, T>(
  from: Known<A>,
  read: (value: A) => T | Promise<T>,
): Promise<Known<T>> {
  return from.is === 'known' ? learn(() => read(from.value)) : from;
}

/** Judges what is known; what is not becomes one `unknown` finding with its reason. */
export function judged<T>(
  fact: Known<T> | undefined,
  check: string,
  judge: (value: T) => Finding[],
): Finding[] {
  if (fact?.is === 'known') return judge(fact.value);
  return [unknown(check, `未检查 (not checked): ${fact?.why ?? '没有读取 (not read)'}`, fact?.fix)];
}
