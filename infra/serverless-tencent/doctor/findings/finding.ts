/** `unknown`: it could not be looked at, or only a real order can tell. */
export type Level = 'ok' | 'warn' | 'broken' | 'unknown';

/** A result of one check. Texts are Chinese, then English; no secret is in any. */
export interface Finding {
  level: Level;
  /** Stable: `group.subject`. */
  check: string;
  what: string;
  /** The advice for the person who reads it. */
  fix?: string;
}

/** Reports something that is as it should be. */
export function ok(check: string, what: string): Finding {
  return { level: 'ok', check, what };
}

/** Reports something that works, and should not stay so. */
export function warn(check: string, what: string, fix: string): Finding {
  return { level: 'warn', check, what, fix };
}

/** Reports something that does not work, or must not be so. */
export function broken(check: string, what: string, fix: string): Finding {
  return { level: 'broken', check, what, fix };
}

/** Reports something that was not found out, and how to. */
export function unknown(check: string, what: string, fix?: string): Finding {
  return { level: 'unknown', check, what, ...(fix === undefined ? {} : { fix }) };
}

/** The fix of everything that a deploy by this tool corrects. */
export const DEPLOY = '运行 serverless deploy (run serverless deploy)';

/** Puts names into a text. */
export function listText(names: readonly string[]): string {
  return names.join(', ');
}
