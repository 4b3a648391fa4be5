import type { X509Certificate } from 'node:crypto';
import { broken, type Finding, ok, warn } from '../../findings/finding.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** Judges how long a certificate is still valid; `subject` names it, `fix` says how to get another. */
export function checkExpiry(
  check: string,
  subject: string,
  { validFrom, validTo }: X509Certificate,
  nowMs: number,
  fix: string,
): Finding[] {
  const endMs = Date.parse(validTo);
  const day = new Date(endMs).toISOString().slice(0, 10);
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  if (nowMs < Date.parse(validFrom)) {
    return [broken(check, `${subject} 尚未生效 (not valid yet)`, fix)];
  }
  if (nowMs >= endMs) return [broken(check, `${subject} 已于 ${day} 过期 (expired)`, fix)];
  const what = `${subject} 有效期至 ${day}，还有 ${days} 天 (days left)`;
  return [days < WARN_DAYS ? warn(check, what, fix) : ok(check, what)];
}
