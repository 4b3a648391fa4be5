import type { X509Certificate } from 'node:crypto';
import { broken, type Finding, ok, warn } from '../../findings/finding.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** A certificate to be checked, and what the finding says about it. */
export interface ExpirySubject {
  check: string;
  /** Names the certificate. */
  subject: string;
  certificate: X509Certificate;
  /** Says how to get another. */
  fix: string;
}

/** Checks how long a certificate is still valid. */
export function checkExpiry(
  { check, subject, certificate, fix }: ExpirySubject,
  nowMs: number,
): Finding[] {
  const { validFrom, validTo } = certificate;
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
