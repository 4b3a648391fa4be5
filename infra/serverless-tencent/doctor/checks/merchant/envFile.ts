import type { Facts } from '../../facts/facts.ts';
import { broken, type Finding } from '../../findings/finding.ts';

/** Checks that every setting of `.env` arrived. */
export function checkEnvFile({ envFile }: Facts): Finding[] {
  return envFile.map(({ what, fix }) => broken('merchant.env_file', what, fix));
}
