/** The offset of Beijing time (UTC+8, no daylight saving), in which WeChat Pay prints every date. */
const OFFSET_MS = 8 * 3_600_000;

/** Prints `2026-11-24T08:30:00+08:00`, the RFC 3339 form of APIv3; milliseconds are cut off. */
export function beijingRfc3339(at: Date): string {
  return `${shifted(at).slice(0, 19)}+08:00`;
}

/** Prints `20261124083000`, the form of CloudPay and APIv2 (`timeEnd`, `timeExpire`). */
export function beijingDigits(at: Date): string {
  return shifted(at).slice(0, 19).replace(/\D/g, '');
}

/** Prints the calendar day in Beijing, `2026-11-24`. */
export function beijingDay(at: Date): string {
  return shifted(at).slice(0, 10);
}

/** Reads {@link beijingDigits}; undefined when the text is no such instant. */
export function fromBeijingDigits(digits: string): Date | undefined {
  const pairs = /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/;
  const at = new Date(digits.replace(pairs, '$1-$2-$3T$4:$5:$6+08:00'));
  // Whatever else it may be read as, only its own digits are printed back.
  return Number.isNaN(at.getTime()) || beijingDigits(at) !== digits ? undefined : at;
}

function shifted(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString();
}
